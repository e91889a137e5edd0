// Bindings: spherical harmonics of many points and their derivatives.
// Definition: see the Python twin in representations/solid_harmonics.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel; values and gradients return
// the first point that is not finite, or -1.
#include <nanobind/stl/string.h>

#include <algorithm>
#include <atomic>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

constexpr std::int64_t most_lanes = 16;  // of any level; chunks are cut at its multiples, whatever the threads

// Rows a, b, top, flat, down, up of one array, each a triangle over 0 <= m <= l <= lmax.
template <typename T>
HarmonicTable<T> checked_table(int lmax, bool normalize, const Array<const T, 2>& table) {
  require(lmax >= 0 && lmax <= most_degree, "lmax is higher than the kernel takes");
  const std::int64_t size = static_cast<std::int64_t>(lmax + 1) * (lmax + 2) / 2;
  require(table.shape(0) == 6 && static_cast<std::int64_t>(table.shape(1)) == size, "table has the wrong shape");
  const T* at = table.data();
  return {lmax, normalize, at, at + size, at + 2 * size, at + 3 * size, at + 4 * size, at + 5 * size};
}

template <typename A>
void check_rows_of(const A& a, std::int64_t count, std::int64_t length, const char* message) {
  require(static_cast<std::int64_t>(a.shape(0)) == count && static_cast<std::int64_t>(a.shape(1)) == length, message);
}

// Call body(begin, end) on shares that are worth a thread: each should have about a tenth of a millisecond of work.
template <typename Body>
void share(std::int64_t count, std::int64_t length, int threads, Body&& body) {
  threads = static_cast<int>(std::clamp<std::int64_t>(count * length / 50'000, 1, std::max(threads, 1)));
  const std::int64_t blocks = (count + most_lanes - 1) / most_lanes;
  const std::int64_t chunk = threads <= 1 ? std::max<std::int64_t>(count, 1) : most_lanes * std::max<std::int64_t>(blocks / (4 * threads), 1);
  const nb::gil_scoped_release release;
  parallel_for(count, chunk, threads, body);
}

// The least of what the shares of a call return, where that is not negative.
class First {
 public:
  void add(std::int64_t found) {
    std::int64_t held = least_;
    while (found >= 0 && (held < 0 || found < held) && !least_.compare_exchange_weak(held, found)) {
    }
  }
  std::int64_t get() const { return least_; }

 private:
  std::atomic<std::int64_t> least_{-1};
};

template <typename T>
std::int64_t harmonics(int lmax, bool normalize, Array<const T, 2> table, Array<const T, 2> v, Array<T, 2> out, int threads,
                       const std::string& level) {
  const auto t = checked_table<T>(lmax, normalize, table);
  const std::int64_t count = static_cast<std::int64_t>(v.shape(0)), K = static_cast<std::int64_t>(lmax + 1) * (lmax + 1);
  check_rows_of(v, count, 3, "v has the wrong shape");
  check_rows_of(out, count, K, "out has the wrong shape");
  const std::string chosen = resolve_level(level);
  First wrong;
  share(count, K, threads, [&](std::int64_t begin, std::int64_t end) {
    wrong.add(ERLANGEN_DISPATCH(chosen, harmonics_range(begin, end, t, v.data(), out.data())));
  });
  return wrong.get();
}

template <typename T>
std::int64_t harmonics_gradient(int lmax, bool normalize, Array<const T, 2> table, Array<const T, 2> v, Array<T, 2> out,
                                Array<T, 3> gradient, int threads, const std::string& level) {
  const auto t = checked_table<T>(lmax, normalize, table);
  const std::int64_t count = static_cast<std::int64_t>(v.shape(0)), K = static_cast<std::int64_t>(lmax + 1) * (lmax + 1);
  check_rows_of(v, count, 3, "v has the wrong shape");
  check_rows_of(out, count, K, "out has the wrong shape");
  check_rows_of(gradient, count, 3, "gradient has the wrong shape");
  require(static_cast<std::int64_t>(gradient.shape(2)) == K, "gradient has the wrong shape");
  const std::string chosen = resolve_level(level);
  First wrong;
  share(count, 4 * K, threads, [&](std::int64_t begin, std::int64_t end) {
    wrong.add(ERLANGEN_DISPATCH(chosen, harmonics_gradient_range(begin, end, t, v.data(), out.data(), gradient.data())));
  });
  return wrong.get();
}

template <typename T>
void harmonics_pullback(int lmax, bool normalize, Array<const T, 2> table, Array<const T, 2> v, Array<const T, 2> g, Array<T, 2> out,
                        int threads, const std::string& level) {
  const auto t = checked_table<T>(lmax, normalize, table);
  const std::int64_t count = static_cast<std::int64_t>(v.shape(0)), K = static_cast<std::int64_t>(lmax + 1) * (lmax + 1);
  check_rows_of(v, count, 3, "v has the wrong shape");
  check_rows_of(g, count, K, "g has the wrong shape");
  check_rows_of(out, count, 3, "out has the wrong shape");
  const std::string chosen = resolve_level(level);
  share(count, 2 * K, threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, harmonics_pullback_range(begin, end, t, v.data(), g.data(), out.data()));
  });
}

template <typename T>
void harmonics_second(int lmax, bool normalize, Array<const T, 2> table, Array<const T, 2> v, Array<const T, 2> g, Array<const T, 2> h,
                      Array<T, 2> out_v, Array<T, 2> out_g, int threads, const std::string& level) {
  const auto t = checked_table<T>(lmax, normalize, table);
  const std::int64_t count = static_cast<std::int64_t>(v.shape(0)), K = static_cast<std::int64_t>(lmax + 1) * (lmax + 1);
  check_rows_of(v, count, 3, "v has the wrong shape");
  check_rows_of(g, count, K, "g has the wrong shape");
  check_rows_of(h, count, 3, "h has the wrong shape");
  check_rows_of(out_v, count, 3, "out_v has the wrong shape");
  check_rows_of(out_g, count, K, "out_g has the wrong shape");
  const std::string chosen = resolve_level(level);
  share(count, 4 * K, threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, harmonics_second_range(begin, end, t, v.data(), g.data(), h.data(), out_v.data(), out_g.data()));
  });
}

template <typename T>
void bind_type(nb::module_& m) {
  using namespace nb::literals;
  m.def("harmonics", &harmonics<T>, "lmax"_a, "normalize"_a, "table"_a.noconvert(), "v"_a.noconvert(), "out"_a.noconvert(), "threads"_a,
        "level"_a);
  m.def("harmonics_gradient", &harmonics_gradient<T>, "lmax"_a, "normalize"_a, "table"_a.noconvert(), "v"_a.noconvert(),
        "out"_a.noconvert(), "gradient"_a.noconvert(), "threads"_a, "level"_a);
  m.def("harmonics_pullback", &harmonics_pullback<T>, "lmax"_a, "normalize"_a, "table"_a.noconvert(), "v"_a.noconvert(), "g"_a.noconvert(),
        "out"_a.noconvert(), "threads"_a, "level"_a);
  m.def("harmonics_second", &harmonics_second<T>, "lmax"_a, "normalize"_a, "table"_a.noconvert(), "v"_a.noconvert(), "g"_a.noconvert(),
        "h"_a.noconvert(), "out_v"_a.noconvert(), "out_g"_a.noconvert(), "threads"_a, "level"_a);
}
}  // namespace

void bind_harmonics(nb::module_& m) {
  bind_type<double>(m);
  bind_type<float>(m);
}

}  // namespace erlangen
