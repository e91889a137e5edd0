// Bindings of the kernels on batches of small symmetric matrices.
// Definition: see the Python twins in linalg (symmetric_eigen, whitening, bures_distances).
// Convention: batches are (N, n, n) with n <= 128; a status (N,) of 0 says that a matrix was done, 1 not finite, 2 not converged.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <optional>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

template <typename T>
using Batch = Array<const T, 3>;
using Status = Array<std::int8_t, 1>;

constexpr std::int64_t most_lanes = 16;  // of any level; blocks are cut at its multiples, whatever the threads

template <typename T>
int checked_order(const Batch<T>& a, const Status& status) {
  require(a.shape(1) == a.shape(2), "matrices are not square");
  require(a.shape(1) >= 1 && a.shape(1) <= most_order, "matrices are larger than the kernel takes");
  require(status.shape(0) == a.shape(0), "status has the wrong length");
  return static_cast<int>(a.shape(1));
}

// Matrices a thread takes at a time: whole blocks, and several shares for each thread.
std::int64_t share(std::int64_t count, int threads) {
  if (threads <= 1) return std::max<std::int64_t>(count, 1);
  const std::int64_t blocks = (count + most_lanes - 1) / most_lanes;
  return most_lanes * std::max<std::int64_t>(blocks / (4 * threads), 1);
}

// Threads that are worth their start: each should have about a millisecond of work.
int worthwhile(std::int64_t count, std::int64_t n, int threads) {
  return static_cast<int>(std::clamp<std::int64_t>(count * n * n * n / 1'000'000, 1, std::max(threads, 1)));
}

template <typename T>
void symmetric_eigen(Batch<T> a, Array<T, 2> values, std::optional<Array<T, 3>> vectors, Status status, int threads,
                     const std::string& level) {
  const int n = checked_order<T>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0));
  require(values.shape(0) == a.shape(0) && values.shape(1) == a.shape(1), "values have the wrong shape");
  require(!vectors || (vectors->shape(0) == a.shape(0) && vectors->shape(1) == a.shape(1) && vectors->shape(2) == a.shape(2)),
          "vectors have the wrong shape");
  const std::string chosen = resolve_level(level);
  T* z = vectors ? vectors->data() : nullptr;
  threads = worthwhile(count, n, threads);
  const nb::gil_scoped_release release;
  parallel_for(count, share(count, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, eigen_range(begin, end, n, a.data(), values.data(), z, status.data()));
  });
}

template <typename T>
void bind_type(nb::module_& m) {
  using namespace nb::literals;
  m.def("symmetric_eigen", &symmetric_eigen<T>, "a"_a.noconvert(), "values"_a.noconvert(), "vectors"_a.noconvert().none(),
        "status"_a.noconvert(), "threads"_a, "level"_a);
}
}  // namespace

void bind_spd(nb::module_& m) {
  bind_type<double>(m);
  bind_type<float>(m);
}

}  // namespace erlangen
