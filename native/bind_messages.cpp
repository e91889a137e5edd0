// Bindings: messages over the edges of a graph: gathered, multiplied, summed at the receiver.
// Definition: see the Python twin (representations/products/messages.py); a product is checked once, when it is made.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

using Table = Array<const std::int32_t, 1>;
using Index = Array<const std::int64_t, 1>;

std::vector<std::int32_t> copied(const Table& a) { return {a.data(), a.data() + a.shape(0)}; }

void check_starts(const std::vector<std::int32_t>& start, std::size_t rows, std::size_t size, const char* message) {
  require(start.size() == rows + 1 && start.front() == 0 && static_cast<std::size_t>(start.back()) == size, message);
  require(std::is_sorted(start.begin(), start.end()), message);
}

void check_below(const std::vector<std::int32_t>& index, std::size_t size, const char* message) {
  for (const std::int32_t i : index) require(i >= 0 && static_cast<std::size_t>(i) < size, message);
}

// The tables of a channelwise product, owned and checked; those by result are made here.
class Product {
 public:
  Product(int dim_node, int dim_edge, int dim_out, int paths, const Table& slot_path, const Table& slot_node, const Table& slot_start,
          const Table& entry_result, const Table& term_start, const Table& term_edge, const Array<const double, 1>& term_value)
      : dim_node_(dim_node), dim_edge_(dim_edge), dim_out_(dim_out), paths_(paths), slot_path_(copied(slot_path)),
        slot_node_(copied(slot_node)), slot_start_(copied(slot_start)), entry_result_(copied(entry_result)),
        term_start_(copied(term_start)), term_edge_(copied(term_edge)),
        term_value_(term_value.data(), term_value.data() + term_value.shape(0)) {
    require(dim_node >= 1 && dim_edge >= 1 && dim_out >= 1 && paths >= 1, "a product has components and paths");
    require(slot_path_.size() == slot_node_.size() && std::is_sorted(slot_path_.begin(), slot_path_.end()), "slots go path by path");
    for (int path = 0; path < paths; ++path)
      require(std::binary_search(slot_path_.begin(), slot_path_.end(), path), "a path has no slot");
    check_below(slot_path_, paths, "slot_path is out of range");
    check_below(slot_node_, dim_node, "slot_node is out of range");
    check_below(entry_result_, dim_out, "entry_result is out of range");
    check_below(term_edge_, dim_edge, "term_edge is out of range");
    check_starts(slot_start_, slot_path_.size(), entry_result_.size(), "slot_start does not frame the entries");
    check_starts(term_start_, entry_result_.size(), term_edge_.size(), "term_start does not frame the terms");
    require(term_edge_.size() == term_value_.size(), "term_edge and term_value differ in length");
    result_start_.assign(dim_out + 1, 0);
    for (const std::int32_t k : entry_result_) ++result_start_[k + 1];
    for (int k = 0; k < dim_out; ++k) result_start_[k + 1] += result_start_[k];
    result_entry_.resize(entry_result_.size());
    entry_slot_.resize(entry_result_.size());
    std::vector<std::int32_t> place(result_start_.begin(), result_start_.end() - 1);
    for (std::size_t s = 0; s < slot_path_.size(); ++s)
      for (std::int32_t e = slot_start_[s]; e < slot_start_[s + 1]; ++e) {
        const std::int32_t at = place[entry_result_[e]]++;
        result_entry_[at] = e;
        entry_slot_[at] = static_cast<std::int32_t>(s);
      }
  }

  ProductView view() const {
    return {dim_node_, dim_edge_, dim_out_, paths_, static_cast<std::int32_t>(slot_path_.size()),
            static_cast<std::int32_t>(entry_result_.size()), slot_path_.data(), slot_node_.data(), slot_start_.data(),
            entry_result_.data(), result_start_.data(), result_entry_.data(), entry_slot_.data(), term_start_.data(), term_edge_.data(),
            term_value_.data()};
  }

 private:
  std::int32_t dim_node_, dim_edge_, dim_out_, paths_;
  std::vector<std::int32_t> slot_path_, slot_node_, slot_start_, entry_result_, term_start_, term_edge_;
  std::vector<double> term_value_;
  std::vector<std::int32_t> result_start_, result_entry_, entry_slot_;
};

// Edges by one of their ends, in the order in which they came.
struct ByEnd {
  std::vector<std::int64_t> start, edge;

  ByEnd(const Index& end, std::int64_t nodes, const char* message) : start(nodes + 1), edge(end.shape(0)) {
    const auto E = static_cast<std::int64_t>(end.shape(0));
    for (std::int64_t e = 0; e < E; ++e) {
      require(end.data()[e] >= 0 && end.data()[e] < nodes, message);
      ++start[end.data()[e] + 1];
    }
    for (std::int64_t i = 0; i < nodes; ++i) start[i + 1] += start[i];
    std::vector<std::int64_t> place(start.begin(), start.end() - 1);
    for (std::int64_t e = 0; e < E; ++e) edge[place[end.data()[e]]++] = e;
  }
};

template <typename T>
void check_block(const Array<const T, 3>& a, std::size_t rows, std::int32_t dim, std::size_t channels, const char* message) {
  require(a.shape(0) == rows && static_cast<std::int32_t>(a.shape(1)) == dim && a.shape(2) == channels, message);
}

template <typename T>
void check_edges(const Array<const T, 2>& a, std::size_t rows, std::int32_t dim, const char* message) {
  require(a.shape(0) == rows && static_cast<std::int32_t>(a.shape(1)) == dim, message);
}

constexpr std::int64_t receivers_at_a_time = 16;

int worthwhile(std::int64_t edges, std::int64_t channels, std::int64_t entries, int threads) {
  return static_cast<int>(std::clamp<std::int64_t>(edges * channels * entries / 2'000'000, 1, std::max(threads, 1)));
}

template <typename T>
void values(const Product& product, Array<const T, 3> h, Array<const T, 2> Y, Array<const T, 3> R, Index senders, Index receivers,
            Array<T, 3> out, int threads, const std::string& level) {
  const ProductView p = product.view();
  const std::size_t E = senders.shape(0), channels = h.shape(2);
  check_block<T>(h, h.shape(0), p.dim_node, channels, "h has the wrong shape");
  check_edges<T>(Y, E, p.dim_edge, "Y has the wrong shape");
  check_block<T>(R, E, p.paths, channels, "R has the wrong shape");
  check_block<T>(Array<const T, 3>(out), out.shape(0), p.dim_out, channels, "out has the wrong shape");
  require(receivers.shape(0) == E, "receivers have the wrong length");
  for (std::size_t e = 0; e < E; ++e)
    require(senders.data()[e] >= 0 && senders.data()[e] < static_cast<std::int64_t>(h.shape(0)), "a sender is out of range");
  const ByEnd by(receivers, out.shape(0), "a receiver is out of range");
  const std::string chosen = resolve_level(level);
  MessageView<T> v{};
  v.channels = channels;
  v.start = by.start.data(), v.edge = by.edge.data(), v.sender = senders.data();
  v.h = h.data(), v.Y = Y.data(), v.R = R.data(), v.out = out.data();
  const nb::gil_scoped_release release;
  parallel_for(out.shape(0), receivers_at_a_time, worthwhile(E, channels, p.entries, threads), [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, message_values(begin, end, p, v));
  });
}

// Gradients, or with directions a, y, b the tangents of value and gradients.
template <typename T>
void derivatives(const Product& product, Array<const T, 3> h, Array<const T, 2> Y, Array<const T, 3> R, Index senders, Index receivers,
                 Array<const T, 3> g, std::optional<Array<const T, 3>> a, std::optional<Array<const T, 2>> y,
                 std::optional<Array<const T, 3>> b, std::optional<Array<T, 3>> out, Array<T, 3> to_h, Array<T, 2> to_Y, Array<T, 3> to_R,
                 int threads, const std::string& level) {
  const ProductView p = product.view();
  const std::size_t E = senders.shape(0), channels = h.shape(2), nodes = h.shape(0), n = g.shape(0);
  check_block<T>(h, nodes, p.dim_node, channels, "h has the wrong shape");
  check_edges<T>(Y, E, p.dim_edge, "Y has the wrong shape");
  check_block<T>(R, E, p.paths, channels, "R has the wrong shape");
  check_block<T>(g, n, p.dim_out, channels, "g has the wrong shape");
  check_block<T>(Array<const T, 3>(to_h), nodes, p.dim_node, channels, "to_h has the wrong shape");
  check_edges<T>(Array<const T, 2>(to_Y), E, p.dim_edge, "to_Y has the wrong shape");
  check_block<T>(Array<const T, 3>(to_R), E, p.paths, channels, "to_R has the wrong shape");
  require(receivers.shape(0) == E, "receivers have the wrong length");
  require(a.has_value() == y.has_value() && a.has_value() == b.has_value() && a.has_value() == out.has_value(),
          "tangents have three directions and a result");
  if (a) {
    check_block<T>(*a, nodes, p.dim_node, channels, "a has the wrong shape");
    check_edges<T>(*y, E, p.dim_edge, "y has the wrong shape");
    check_block<T>(*b, E, p.paths, channels, "b has the wrong shape");
    check_block<T>(Array<const T, 3>(*out), n, p.dim_out, channels, "out has the wrong shape");
  }
  const ByEnd by(receivers, n, "a receiver is out of range"), from(senders, nodes, "a sender is out of range");
  const std::string chosen = resolve_level(level);
  const std::int64_t size = p.dim_node * channels;
  const std::unique_ptr<T[]> to_sender(new T[std::max<std::size_t>(E * size, 1)]);
  MessageView<T> v{};
  v.channels = channels;
  v.start = by.start.data(), v.edge = by.edge.data(), v.sender = senders.data();
  v.h = h.data(), v.Y = Y.data(), v.R = R.data(), v.g = g.data();
  v.to_sender = to_sender.get(), v.to_Y = to_Y.data(), v.to_R = to_R.data();
  if (a) v.a = a->data(), v.y = y->data(), v.b = b->data(), v.out = out->data();
  if (channels == 0) std::fill_n(to_Y.data(), E * p.dim_edge, T(0));
  threads = worthwhile(E, channels, 3 * p.entries, threads);
  const nb::gil_scoped_release release;
  parallel_for(n, receivers_at_a_time, threads, [&](std::int64_t begin, std::int64_t end) {
    if (v.a)
      ERLANGEN_DISPATCH(chosen, message_tangents(begin, end, p, v));
    else
      ERLANGEN_DISPATCH(chosen, message_gradients(begin, end, p, v));
  });
  parallel_for(nodes, receivers_at_a_time, threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, message_sums(begin, end, size, from.start.data(), from.edge.data(), v.to_sender, to_h.data()));
  });
}

template <typename T>
void bind_type(nb::module_& m) {
  using namespace nb::literals;
  m.def("message_values", &values<T>, "product"_a, "h"_a.noconvert(), "Y"_a.noconvert(), "R"_a.noconvert(), "senders"_a.noconvert(),
        "receivers"_a.noconvert(), "out"_a.noconvert(), "threads"_a, "level"_a);
  m.def("message_derivatives", &derivatives<T>, "product"_a, "h"_a.noconvert(), "Y"_a.noconvert(), "R"_a.noconvert(),
        "senders"_a.noconvert(), "receivers"_a.noconvert(), "g"_a.noconvert(), "a"_a.noconvert().none(), "y"_a.noconvert().none(),
        "b"_a.noconvert().none(), "out"_a.noconvert().none(), "to_h"_a.noconvert(), "to_Y"_a.noconvert(), "to_R"_a.noconvert(),
        "threads"_a, "level"_a);
}
}  // namespace

void bind_messages(nb::module_& m) {
  using namespace nb::literals;
  nb::class_<Product>(m, "ChannelwiseProduct", "The tables of a channelwise product, checked once.")
      .def(nb::init<int, int, int, int, const Table&, const Table&, const Table&, const Table&, const Table&, const Table&,
                    const Array<const double, 1>&>(),
           "dim_node"_a, "dim_edge"_a, "dim_out"_a, "paths"_a, "slot_path"_a, "slot_node"_a, "slot_start"_a, "entry_result"_a,
           "term_start"_a, "term_edge"_a, "term_value"_a);
  bind_type<float>(m);
  bind_type<double>(m);
}

}  // namespace erlangen
