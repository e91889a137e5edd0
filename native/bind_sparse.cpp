// Bindings of the sparse product.
// Definition: spmm(indptr, indices, values, b, out, threads, level) writes the product into out.
// Convention: float64 or float32 throughout.
#include <nanobind/stl/string.h>

#include <algorithm>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

// Rows a thread takes at a time: many shares for each thread, and few pages of the product touched by two of them.
std::int64_t share(std::int64_t n, int threads) { return std::clamp<std::int64_t>(n / (8 * std::max(threads, 1)), 512, 8192); }

template <typename T>
void spmm(Array<const std::int64_t, 1> start, Array<const std::int32_t, 1> index, Array<const T, 1> value, Array<const T, 2> b,
          Array<T, 2> out, int threads, const std::string& level) {
  const std::int64_t n = static_cast<std::int64_t>(start.shape(0)) - 1, columns = b.shape(1);
  check_rows(start, index, b.shape(0));
  require(value.shape(0) == index.shape(0), "values and indices differ in length");
  require(static_cast<std::int64_t>(out.shape(0)) == n && static_cast<std::int64_t>(out.shape(1)) == columns, "out has the wrong shape");
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  parallel_for(n, share(n, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, spmm_rows(begin, end, columns, start.data(), index.data(), value.data(), b.data(), out.data()));
  });
}
}  // namespace

void bind_sparse(nb::module_& m) {
  using namespace nb::literals;
  m.def("spmm", &spmm<double>, "indptr"_a.noconvert(), "indices"_a.noconvert(), "values"_a.noconvert(), "b"_a.noconvert(),
        "out"_a.noconvert(), "threads"_a, "level"_a);
  m.def("spmm", &spmm<float>, "indptr"_a.noconvert(), "indices"_a.noconvert(), "values"_a.noconvert(), "b"_a.noconvert(),
        "out"_a.noconvert(), "threads"_a, "level"_a);
}

}  // namespace erlangen
