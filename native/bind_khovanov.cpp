// Bindings of the scanning engine for Khovanov homology.
// Definition: KhovanovScan(labels, cut, characteristic, deformed, killed, most_bytes, ...) joins the crossings one by one at advance().
// Convention: arrays of a state travel as a dict of NumPy arrays; ResourceLimitError is raised by the caller from the errors below.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>
#include <memory>
#include <new>
#include <utility>

#include "bindings.hpp"
#include "khovanov/batch.hpp"
#include "khovanov/engine.hpp"
#include "khovanov/memory.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

using namespace khovanov;
using Clock = std::chrono::steady_clock;

template <typename T>
nb::object to_numpy(std::vector<T> values) {
  auto* kept = new std::vector<T>(std::move(values));
  nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<1>>(kept->data(), {kept->size()}, owner));
}

template <typename T>
std::vector<T> from_numpy(const nb::dict& state, const char* name) {
  const auto array = nb::cast<Array<const T, 1>>(state[name]);
  return {array.data(), array.data() + array.shape(0)};
}

nb::list to_python(const std::vector<BigInteger>& large) {
  nb::list out;
  for (const BigInteger& value : large) {
    nb::bytes digits(reinterpret_cast<const char*>(value.digits.data()), 4 * value.digits.size());
    nb::object magnitude = nb::module_::import_("builtins").attr("int").attr("from_bytes")(digits, "little");
    out.append(value.negative ? magnitude.attr("__neg__")() : magnitude);
  }
  return out;
}

std::vector<BigInteger> from_python(const nb::list& large) {
  std::vector<BigInteger> out;
  for (nb::handle item : large) {
    BigInteger value;
    value.negative = nb::cast<bool>(item.attr("__lt__")(0));
    nb::object magnitude = item.attr("__abs__")();
    const auto words = (nb::cast<std::size_t>(magnitude.attr("bit_length")()) + 31) / 32;
    const auto digits = nb::cast<nb::bytes>(magnitude.attr("to_bytes")(4 * words, "little"));
    value.digits.resize(words);
    std::memcpy(value.digits.data(), digits.c_str(), 4 * words);
    out.push_back(std::move(value));
  }
  return out;
}

// Ask the interpreter for signals at most ten times a second; throws what a signal handler raised.
class Signals {
 public:
  void operator()() {
    const auto now = Clock::now();
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    const nb::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
  }

 private:
  Clock::time_point last_ = Clock::now();
};

std::vector<Crossing> crossings_of(const Array<const std::int32_t, 2>& labels) {
  require(labels.shape(1) == 4, "labels must have four columns");
  std::vector<Crossing> crossings(labels.shape(0));
  for (std::size_t c = 0; c < crossings.size(); ++c)
    for (std::size_t e = 0; e < 4; ++e) crossings[c][e] = labels.data()[4 * c + e];
  return crossings;
}

class KhovanovScan {
 public:
  KhovanovScan(Array<const std::int32_t, 2> labels, std::int32_t cut, std::int64_t characteristic, bool deformed, bool killed,
               std::size_t most_bytes, std::vector<std::uint8_t> parity, int threads, std::size_t grain) {
    Task task{crossings_of(labels), cut, deformed, killed, most_bytes, threads, grain, std::move(parity)};
    check_labels(task);
    check_parity(task);
    require(characteristic == 0 || (characteristic >= 2 && characteristic < (std::int64_t{1} << 31)), "characteristic must be 0 or a prime below 2^31");
    if (characteristic == 0) engine_ = integer_engine(std::move(task));
    else if (characteristic == 2) engine_ = parity_engine(std::move(task));
    else engine_ = prime_engine(std::move(task), static_cast<std::uint32_t>(characteristic));
  }

  nb::dict advance() {
    {
      const nb::gil_scoped_release release;
      engine_->advance([signals = Signals()]() mutable { signals(); });
    }
    return sizes();
  }

  nb::dict sizes() const {
    const Sizes s = engine_->sizes();
    nb::dict out;
    out["done"] = s.done, out["girth"] = s.girth, out["generators"] = s.generators, out["terms"] = s.terms;
    out["most_generators"] = s.most_generators, out["most_terms"] = s.most_terms, out["compositions"] = s.compositions;
    out["pivots"] = s.pivots, out["bytes"] = s.bytes, out["peak_bytes"] = s.peak_bytes;
    return out;
  }

  bool finished() const { return engine_->finished(); }
  bool closed() {
    const nb::gil_scoped_release release;
    return engine_->closed();
  }

  nb::dict result() {
    Finished f = engine_->result();
    nb::dict out;
    out["h"] = to_numpy(std::move(f.h)), out["q"] = to_numpy(std::move(f.q));
    out["source"] = to_numpy(std::move(f.source)), out["target"] = to_numpy(std::move(f.target));
    out["dotted"] = to_numpy(std::move(f.dotted)), out["coefficient"] = to_numpy(std::move(f.coefficient));
    out["large"] = to_python(f.large);
    return out;
  }

  nb::dict state() const {
    Snapshot s = engine_->snapshot();
    nb::dict out;
    out["head"] = to_numpy(std::move(s.head)), out["edges"] = to_numpy(std::move(s.edges)), out["partners"] = to_numpy(std::move(s.partners));
    out["level_size"] = to_numpy(std::move(s.level_size)), out["matching"] = to_numpy(std::move(s.matching)), out["q"] = to_numpy(std::move(s.q));
    out["row_size"] = to_numpy(std::move(s.row_size)), out["target"] = to_numpy(std::move(s.target)), out["mask"] = to_numpy(std::move(s.mask));
    out["value"] = to_numpy(std::move(s.value));
    out["large"] = to_python(s.large);
    return out;
  }

  void restore(const nb::dict& state) {
    Snapshot s;
    s.head = from_numpy<std::int64_t>(state, "head"), s.edges = from_numpy<std::int32_t>(state, "edges");
    s.partners = from_numpy<std::uint8_t>(state, "partners"), s.level_size = from_numpy<std::uint32_t>(state, "level_size");
    s.matching = from_numpy<std::uint32_t>(state, "matching"), s.q = from_numpy<std::int32_t>(state, "q");
    s.row_size = from_numpy<std::uint32_t>(state, "row_size"), s.target = from_numpy<std::uint32_t>(state, "target");
    s.mask = from_numpy<std::uint32_t>(state, "mask"), s.value = from_numpy<std::int64_t>(state, "value");
    s.large = from_python(nb::cast<nb::list>(state["large"]));
    engine_->restore(s);
  }

 private:
  // Every label below `cut` twice, the two from `cut` on once each.
  static void check_labels(const Task& task) {
    std::vector<int> seen;
    for (const Crossing& crossing : task.crossings)
      for (std::int32_t label : crossing) {
        require(label >= 0 && label < task.cut + 2, "a label is out of range");
        seen.resize(static_cast<std::size_t>(task.cut) + 2, 0);
        ++seen[static_cast<std::size_t>(label)];
      }
    for (std::size_t label = 0; label < seen.size(); ++label) {
      const bool end = label >= static_cast<std::size_t>(task.cut);
      require(end ? seen[label] == 1 : seen[label] == 0 || seen[label] == 2, "an edge must appear twice, a cut end once");
    }
  }

  // The odd theory is reduced, has no H, and needs a parity, 0 or 1, for each crossing.
  static void check_parity(const Task& task) {
    if (task.parity.empty()) return;
    require(task.parity.size() == task.crossings.size(), "parity must have one entry a crossing");
    require(task.killed && !task.deformed, "the odd theory is scanned reduced and without H");
    for (std::uint8_t parity : task.parity) require(parity <= 1, "a parity is 0 or 1");
  }

  std::unique_ptr<Engine> engine_;
};

void check_code(const std::vector<Crossing>& crossings) {
  std::vector<int> seen(2 * crossings.size(), 0);
  for (const Crossing& x : crossings)
    for (std::int32_t label : x) require(label >= 0 && label < static_cast<std::int32_t>(seen.size()) && ++seen[label] <= 2, "the edges of a link with n crossings are 0 .. 2 n - 1, each twice");
}

// Rows (link, reduced, h, q, order, multiplicity) and, for each link, (done, or 2 where s is known; components, s).
std::pair<nb::object, nb::object> groups_of(const Array<const std::int32_t, 2>& labels, const Array<const std::int64_t, 1>& start,
                                            const Array<const std::int32_t, 2>& signs, int threads, bool odd) {
  const std::vector<Crossing> all = crossings_of(labels);
  require(start.shape(0) >= 1 && start.data()[0] == 0 && start.data()[start.shape(0) - 1] == static_cast<std::int64_t>(all.size()), "start does not frame the crossings");
  const auto links = static_cast<std::int64_t>(start.shape(0)) - 1;
  require(static_cast<std::int64_t>(signs.shape(0)) == links && signs.shape(1) == 2, "signs must have one row (n_plus, n_minus) a link");
  std::vector<std::vector<Crossing>> codes;
  for (std::int64_t l = 0; l < links; ++l) {
    require(start.data()[l] < start.data()[l + 1] && start.data()[l + 1] <= static_cast<std::int64_t>(all.size()), "every link needs a crossing");
    codes.emplace_back(all.begin() + start.data()[l], all.begin() + start.data()[l + 1]);
    check_code(codes.back());
  }
  std::vector<LinkGroups> found(static_cast<std::size_t>(links));
  {
    const nb::gil_scoped_release release;
    parallel_for(links, 32, threads, [&](std::int64_t begin, std::int64_t end) {
      Table table;
      Signals signals;
      for (std::int64_t l = begin; l < end; ++l) {
        const std::int32_t *sign = signs.data() + 2 * l;
        found[l] = odd ? odd_groups(codes[l], sign[0], sign[1]) : table(codes[l], 0, sign[0], sign[1]);
        signals();
      }
    });
  }
  std::vector<std::int64_t> rows;
  std::vector<std::int32_t> heads;
  for (std::int64_t l = 0; l < links; ++l) {
    heads.insert(heads.end(), {found[l].done + found[l].s_known, found[l].components, found[l].s});
    for (int reduced = 0; reduced < 2; ++reduced)
      for (const Summand& s : reduced ? found[l].reduced : found[l].unreduced) rows.insert(rows.end(), {l, reduced, s.h, s.q, s.order, s.multiplicity});
  }
  return {to_numpy(std::move(rows)), to_numpy(std::move(heads))};
}

std::pair<nb::object, nb::object> khovanov_groups(Array<const std::int32_t, 2> labels, Array<const std::int64_t, 1> start,
                                                  Array<const std::int32_t, 2> signs, int threads) {
  return groups_of(labels, start, signs, threads, false);
}

std::pair<nb::object, nb::object> khovanov_odd_groups(Array<const std::int32_t, 2> labels, Array<const std::int64_t, 1> start,
                                                      Array<const std::int32_t, 2> signs, int threads) {
  return groups_of(labels, start, signs, threads, true);
}

}  // namespace

void bind_khovanov(nb::module_& m) {
  using namespace nb::literals;
  nb::exception<BudgetExceeded>(m, "KhovanovBudgetExceeded", PyExc_MemoryError);
  nb::exception<GirthExceeded>(m, "KhovanovGirthExceeded", PyExc_MemoryError);
  nb::class_<KhovanovScan>(m, "KhovanovScan", "A scan of one cut link, crossing by crossing.")
      .def(nb::init<Array<const std::int32_t, 2>, std::int32_t, std::int64_t, bool, bool, std::size_t, std::vector<std::uint8_t>, int, std::size_t>(), "labels"_a.noconvert(),
           "cut"_a, "characteristic"_a, "deformed"_a, "killed"_a, "most_bytes"_a, "parity"_a = std::vector<std::uint8_t>(), "threads"_a = 1, "grain"_a = kGrain)
      .def("advance", &KhovanovScan::advance, "Join the next crossing; return the sizes.")
      .def("sizes", &KhovanovScan::sizes, "Generators, terms, girth, bytes now and at most.")
      .def("finished", &KhovanovScan::finished, "Whether every crossing has been joined.")
      .def("closed", &KhovanovScan::closed, "Whether d d = 0.")
      .def("result", &KhovanovScan::result, "The complex of one arc, without the final shifts.")
      .def("state", &KhovanovScan::state, "The state between two crossings.")
      .def("restore", &KhovanovScan::restore, "state"_a, "Take over a state of the same task.");
  m.def("khovanov_groups", &khovanov_groups, "labels"_a.noconvert(), "start"_a.noconvert(), "signs"_a.noconvert(), "threads"_a,
        "Groups over Z of many small links: rows (link, reduced, h, q, order, multiplicity), heads (done or 2 with s, components, s).");
  m.def("khovanov_odd_groups", &khovanov_odd_groups, "labels"_a.noconvert(), "start"_a.noconvert(), "signs"_a.noconvert(), "threads"_a,
        "Reduced odd groups over Z of many small connected links: rows and heads as of khovanov_groups, without s.");
}

}  // namespace erlangen
