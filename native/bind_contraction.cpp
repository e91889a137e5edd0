// Bindings: symmetric contractions of many bodies and their derivatives.
// Definition: see the Python twin (representations/products/symmetric_contraction.py); a polynomial is checked once, when it is made.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

using Table = Array<const std::int32_t, 1>;

std::vector<std::int32_t> copied(const Table& a) { return {a.data(), a.data() + a.shape(0)}; }

// Refuse starts that do not frame `size` entries.
void check_starts(const std::vector<std::int32_t>& start, std::size_t rows, std::size_t size, const char* message) {
  require(start.size() == rows + 1 && start.front() == 0 && static_cast<std::size_t>(start.back()) == size, message);
  require(std::is_sorted(start.begin(), start.end()), message);
}

void check_below(const std::vector<std::int32_t>& index, std::int32_t size, const char* message) {
  for (const std::int32_t i : index) require(i >= 0 && i < size, message);
}

// A sparse matrix in compressed rows, owned and checked.
class Rows {
 public:
  Rows(const Table& start, const Table& column, const Array<const double, 1>& value, std::size_t rows, std::int32_t columns)
      : start_(copied(start)), column_(copied(column)), value_(value.data(), value.data() + value.shape(0)),
        single_(value_.begin(), value_.end()) {
    require(column_.size() == value_.size(), "columns and values of a mixture differ in length");
    check_starts(start_, rows, column_.size(), "starts do not frame a mixture");
    check_below(column_, columns, "a column of a mixture is out of range");
  }

  Mixture view() const { return {start_.data(), column_.data(), value_.data(), single_.data()}; }

 private:
  std::vector<std::int32_t> start_, column_;
  std::vector<double> value_;
  std::vector<float> single_;
};

using Numbers = Array<const double, 1>;

// The tables of a sparse polynomial, owned and checked; without folds the rows of the mixture are the paths.
class Polynomial {
 public:
  Polynomial(int dim_in, int dim_out, int paths, const Table& parent, const Table& parent_factor, const Table& output_start,
             const Table& group_left, const Table& group_start, const Table& right, const Table& mix_start, const Table& mix_term,
             const Numbers& mix_value, std::optional<Table> fold_start, std::optional<Table> fold_path, std::optional<Numbers> fold_value)
      : dim_in_(dim_in), dim_out_(dim_out), paths_(paths), mix_rows_(static_cast<std::int32_t>(mix_start.shape(0)) - 1),
        parent_(copied(parent)), parent_factor_(copied(parent_factor)), output_start_(copied(output_start)),
        group_left_(copied(group_left)), group_start_(copied(group_start)), right_(copied(right)),
        mix_(mix_start, mix_term, mix_value, mix_start.shape(0) - 1, static_cast<std::int32_t>(right.shape(0))) {
    require(dim_in >= 1 && dim_out >= 1 && paths >= 1, "a polynomial has components and paths");
    require(parent_.size() == parent_factor_.size(), "parents and their factors differ in number");
    require(parent_.size() > static_cast<std::size_t>(dim_in), "the constant and the components are parents");
    for (int i = 0; i < dim_in; ++i) require(parent_[i + 1] == 0 && parent_factor_[i + 1] == i, "parents begin with the components in order");
    for (std::size_t m = 1; m < parent_.size(); ++m)
      require(parent_[m] >= 0 && static_cast<std::size_t>(parent_[m]) < m, "a parent stands behind its child");
    check_below(parent_factor_, dim_in, "parent_factor is out of range");
    check_below(right_, static_cast<std::int32_t>(parent_.size()), "right is out of range");
    check_below(group_left_, static_cast<std::int32_t>(parent_.size()), "group_left is out of range");
    check_starts(output_start_, dim_out, group_left_.size(), "output_start does not frame the groups");
    check_starts(group_start_, group_left_.size(), right_.size(), "group_start does not frame the terms");
    require(fold_start.has_value() == fold_path.has_value() && fold_path.has_value() == fold_value.has_value(), "half a fold");
    if (fold_start) fold_.emplace(*fold_start, *fold_path, *fold_value, mix_rows_, paths);
    require(fold_ || mix_rows_ == paths, "the mixture has not as many rows as there are paths");
    hubs_ = std::max({dim_in, *std::max_element(parent_.begin(), parent_.end()),
                      group_left_.empty() ? 0 : *std::max_element(group_left_.begin(), group_left_.end())}) + 1;
    sort_by_right();
  }

  PolynomialView view() const {
    return {dim_in_, dim_out_, paths_, static_cast<std::int32_t>(parent_.size()), static_cast<std::int32_t>(group_left_.size()),
            static_cast<std::int32_t>(right_.size()), mix_rows_, hubs_, parent_.data(), parent_factor_.data(), output_start_.data(),
            group_left_.data(), group_start_.data(), right_.data(), right_start_.data(), right_term_.data(), right_group_.data(),
            fold_ ? fold_->view() : Mixture{}, mix_.view()};
  }

 private:
  // List the terms of each monomial on the right, with their groups.
  void sort_by_right() {
    right_start_.resize(parent_.size() + 1);
    for (const std::int32_t m : right_) ++right_start_[m + 1];
    for (std::size_t m = 0; m < parent_.size(); ++m) right_start_[m + 1] += right_start_[m];
    std::vector<std::int32_t> next(right_start_.begin(), right_start_.end() - 1);
    right_term_.resize(right_.size());
    right_group_.resize(right_.size());
    for (std::int32_t group = 0; group + 1 < static_cast<std::int32_t>(group_start_.size()); ++group)
      for (std::int32_t q = group_start_[group]; q < group_start_[group + 1]; ++q) {
        const std::int32_t at = next[right_[q]]++;
        right_term_[at] = q;
        right_group_[at] = group;
      }
  }

  std::int32_t dim_in_, dim_out_, paths_, mix_rows_, hubs_ = 0;
  std::vector<std::int32_t> parent_, parent_factor_, output_start_, group_left_, group_start_, right_, right_start_, right_term_, right_group_;
  Rows mix_;
  std::optional<Rows> fold_;
};

// Nodes in the order of their elements.
struct Order {
  std::vector<std::int64_t> node, element;

  Order(const std::int64_t* of, std::int64_t n, std::int64_t elements) : node(n), element(n) {
    std::vector<std::int64_t> start(elements + 1);
    for (std::int64_t i = 0; i < n; ++i) {
      require(of[i] >= 0 && of[i] < elements, "an element has no weights");
      ++start[of[i] + 1];
    }
    for (std::int64_t z = 0; z < elements; ++z) start[z + 1] += start[z];
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t at = start[of[i]]++;
      node[at] = i;
      element[at] = of[i];
    }
  }
};

constexpr std::int64_t nodes_at_a_time = 256;  // whatever the threads: sums over nodes are taken in these groups

template <typename T>
using Block = Array<const T, 3>;

template <typename T>
void check_block(const Block<T>& a, std::size_t rows, std::int32_t dim, std::size_t channels, const char* message) {
  require(a.shape(0) == rows && static_cast<std::int32_t>(a.shape(1)) == dim && a.shape(2) == channels, message);
}

// Run task(begin, end, channel, group) for all groups of nodes and blocks of channels.
template <typename Run>
void shared(std::int64_t n, std::int64_t channels, std::int64_t wide, std::int64_t terms, int threads, Run&& task) {
  const std::int64_t groups = (n + nodes_at_a_time - 1) / nodes_at_a_time, blocks = (channels + wide - 1) / wide;
  threads = static_cast<int>(std::clamp<std::int64_t>(n * channels * terms / 2'000'000, 1, std::max(threads, 1)));
  parallel_for(groups * blocks, 1, threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t t = begin; t < end; ++t) {
      const std::int64_t group = t / blocks;
      task(group * nodes_at_a_time, std::min(n, (group + 1) * nodes_at_a_time), t % blocks * wide, group);
    }
  });
}

template <typename T>
void value(const Polynomial& polynomial, Block<T> x, Block<T> weight, Array<const std::int64_t, 1> elements, Array<T, 3> out, int threads,
           const std::string& level) {
  const PolynomialView p = polynomial.view();
  const std::size_t n = x.shape(0), channels = x.shape(2);
  check_block<T>(x, n, p.dim_in, channels, "x has the wrong shape");
  check_block<T>(weight, weight.shape(0), p.paths, channels, "weights have the wrong shape");
  require(elements.shape(0) == n, "elements have the wrong length");
  require(out.shape(0) == n && static_cast<std::int32_t>(out.shape(1)) == p.dim_out && out.shape(2) == channels, "out has the wrong shape");
  const std::string chosen = resolve_level(level);
  const Order order(elements.data(), n, weight.shape(0));
  const int wide = ERLANGEN_DISPATCH(chosen, contraction_lanes(sizeof(T)));
  const ContractionView<T> v{static_cast<std::int64_t>(channels), order.node.data(), order.element.data(), x.data(), weight.data(),
                             nullptr, nullptr, nullptr, out.data(), nullptr, nullptr};
  const nb::gil_scoped_release release;
  shared(n, channels, wide, p.terms, threads, [&](std::int64_t begin, std::int64_t end, std::int64_t channel, std::int64_t) {
    ERLANGEN_DISPATCH(chosen, contraction_value(begin, end, channel, p, v));
  });
}

// Gradient, or with a direction dx (and perhaps dweight) the tangents of value and gradient.
template <typename T>
void derivative(const Polynomial& polynomial, Block<T> x, Block<T> weight, Array<const std::int64_t, 1> elements, Block<T> g,
                std::optional<Block<T>> dx, std::optional<Block<T>> dweight, std::optional<Array<T, 3>> out, Array<T, 3> to_x,
                std::optional<Array<T, 3>> to_weight, int threads, const std::string& level) {
  const PolynomialView p = polynomial.view();
  const std::size_t n = x.shape(0), channels = x.shape(2), count = weight.shape(0);
  check_block<T>(x, n, p.dim_in, channels, "x has the wrong shape");
  check_block<T>(weight, count, p.paths, channels, "weights have the wrong shape");
  check_block<T>(g, n, p.dim_out, channels, "g has the wrong shape");
  require(elements.shape(0) == n, "elements have the wrong length");
  require(dx.has_value() == out.has_value() && (!dweight || dx), "tangents have directions and results");
  require(!dx || to_weight, "tangents go to weights");
  if (dx) check_block<T>(*dx, n, p.dim_in, channels, "dx has the wrong shape");
  if (dweight) check_block<T>(*dweight, count, p.paths, channels, "dweight has the wrong shape");
  if (out) check_block<T>(Block<T>(*out), n, p.dim_out, channels, "out has the wrong shape");
  check_block<T>(Block<T>(to_x), n, p.dim_in, channels, "to_x has the wrong shape");
  if (to_weight) check_block<T>(Block<T>(*to_weight), count, p.paths, channels, "to_weight has the wrong shape");
  const std::string chosen = resolve_level(level);
  const Order order(elements.data(), n, count);
  const int wide = ERLANGEN_DISPATCH(chosen, contraction_lanes(sizeof(T)));
  const std::int64_t groups = (static_cast<std::int64_t>(n) + nodes_at_a_time - 1) / nodes_at_a_time;
  const std::size_t size = count * p.paths * channels;
  ContractionView<T> v{static_cast<std::int64_t>(channels), order.node.data(), order.element.data(), x.data(), weight.data(), g.data(),
                       dx ? dx->data() : nullptr, dweight ? dweight->data() : nullptr, out ? out->data() : nullptr, to_x.data(),
                       to_weight ? to_weight->data() : nullptr};
  if (to_weight) std::fill_n(to_weight->data(), size, T(0));
  std::vector<T> sums(to_weight && groups > 1 ? (groups - 1) * size : 0);  // the first group writes to its place
  const nb::gil_scoped_release release;
  shared(n, channels, wide, 3 * p.terms, threads, [&](std::int64_t begin, std::int64_t end, std::int64_t channel, std::int64_t group) {
    ContractionView<T> mine = v;
    if (to_weight && group > 0) mine.to_weight = sums.data() + (group - 1) * size;
    if (dx)
      ERLANGEN_DISPATCH(chosen, contraction_tangent(begin, end, channel, p, mine));
    else
      ERLANGEN_DISPATCH(chosen, contraction_gradient(begin, end, channel, p, mine));
  });
  for (std::int64_t group = 1; group < groups && to_weight; ++group)
    for (std::size_t i = 0; i < size; ++i) to_weight->data()[i] += sums[(group - 1) * size + i];
}

template <typename T>
void bind_type(nb::module_& m) {
  using namespace nb::literals;
  m.def("contraction_value", &value<T>, "polynomial"_a, "x"_a.noconvert(), "weight"_a.noconvert(), "elements"_a.noconvert(),
        "out"_a.noconvert(), "threads"_a, "level"_a);
  m.def("contraction_derivative", &derivative<T>, "polynomial"_a, "x"_a.noconvert(), "weight"_a.noconvert(), "elements"_a.noconvert(),
        "g"_a.noconvert(), "dx"_a.noconvert().none(), "dweight"_a.noconvert().none(), "out"_a.noconvert().none(), "to_x"_a.noconvert(),
        "to_weight"_a.noconvert().none(), "threads"_a, "level"_a);
}
}  // namespace

void bind_contraction(nb::module_& m) {
  using namespace nb::literals;
  nb::class_<Polynomial>(m, "SymmetricProgram", "The tables of a sparse polynomial, checked once.")
      .def(nb::init<int, int, int, const Table&, const Table&, const Table&, const Table&, const Table&, const Table&, const Table&,
                    const Table&, const Numbers&, std::optional<Table>, std::optional<Table>, std::optional<Numbers>>(),
           "dim_in"_a, "dim_out"_a, "paths"_a, "parent"_a, "parent_factor"_a, "output_start"_a, "group_left"_a, "group_start"_a,
           "right"_a, "mix_start"_a, "mix_term"_a, "mix_value"_a, "fold_start"_a.none(), "fold_path"_a.none(), "fold_value"_a.none());
  bind_type<float>(m);
  bind_type<double>(m);
}

}  // namespace erlangen
