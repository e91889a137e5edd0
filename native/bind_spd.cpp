// Bindings of the kernels on batches of small symmetric matrices.
// Definition: see the Python twins in linalg (symmetric_eigen, whitening, bures_distances).
// Convention: batches are (N, n, n) with n <= 128; a status (N,) of 0 says that a matrix was done, 1 not finite, 2 not converged.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"
#include "small_matrices.hpp"

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

// Matrices W scaled to largest entry in [1/2, 1), with the exponents taken out and whether they are lower triangular.
template <typename T>
struct Scaled {
  std::vector<T> entries;
  std::vector<int> exponent;
  std::unique_ptr<bool[]> lower;

  Scaled(const T* w, std::int64_t count, std::int64_t rows, std::int64_t columns)
      : entries(w, w + count * rows * columns), exponent(count), lower(new bool[std::max<std::int64_t>(count, 1)]) {
    for (std::int64_t k = 0; k < count; ++k) {
      T* matrix = entries.data() + k * rows * columns;
      T top = 0;
      lower[k] = true;
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j) {
          const T x = matrix[i * columns + j];
          require(std::isfinite(x), "a common matrix is not finite");
          top = std::max(top, std::abs(x));
          lower[k] = lower[k] && (j <= i || x == 0);
        }
      std::frexp(top, &exponent[k]);
      for (std::int64_t p = 0; p < rows * columns; ++p) matrix[p] = std::ldexp(matrix[p], -exponent[k]);
    }
  }
};

template <typename T>
void congruence(Array<const T, 2> w, Batch<T> a, Array<T, 3> out, Status status, int threads, const std::string& level) {
  const int n = checked_order<T>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0)), m = static_cast<std::int64_t>(w.shape(0));
  require(w.shape(1) == a.shape(1) && m >= 1 && m <= most_order, "W has the wrong shape");
  require(out.shape(0) == a.shape(0) && out.shape(1) == w.shape(0) && out.shape(2) == w.shape(0), "out has the wrong shape");
  const std::string chosen = resolve_level(level);
  const Scaled<T> scaled(w.data(), 1, m, n);
  threads = worthwhile(count, n, threads);
  const nb::gil_scoped_release release;
  parallel_for(count, share(count, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, congruence_range(begin, end, static_cast<int>(m), n, scaled.lower[0], scaled.entries.data(),
                                               scaled.exponent[0], a.data(), out.data(), status.data()));
  });
}

template <typename T>
void whitened_eigenvalues(Batch<T> w, Batch<T> a, Array<T, 3> values, Status status, int threads, const std::string& level) {
  const int n = checked_order<T>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0)), many = static_cast<std::int64_t>(w.shape(0));
  require(w.shape(1) == a.shape(1) && w.shape(2) == a.shape(1), "W has the wrong shape");
  require(values.shape(0) == w.shape(0) && values.shape(1) == a.shape(0) && values.shape(2) == a.shape(1), "values have the wrong shape");
  const std::string chosen = resolve_level(level);
  const Scaled<T> scaled(w.data(), many, n, n);
  threads = worthwhile(count * many, n, threads);
  const nb::gil_scoped_release release;
  parallel_for(count, share(count, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, whitened_values_range(begin, end, count, n, static_cast<int>(many), scaled.lower.get(),
                                                    scaled.entries.data(), scaled.exponent.data(), a.data(), values.data(),
                                                    status.data()));
  });
}

template <typename T>
void whitened_function(std::optional<Array<const T, 2>> w, Batch<T> a, int kind, int domain, double power,
                       std::optional<Array<const T, 1>> weight, std::optional<Array<T, 3>> full, std::optional<Array<T, 2>> packed,
                       std::optional<Array<T, 2>> sum, Status status, int threads, const std::string& level) {
  const int n = checked_order<T>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0)), half = static_cast<std::int64_t>(n) * (n + 1) / 2;
  require(!w || (w->shape(0) == a.shape(1) && w->shape(1) == a.shape(1)), "W has the wrong shape");
  require(!weight || weight->shape(0) == a.shape(0), "weights have the wrong length");
  require(!full || (full->shape(0) == a.shape(0) && full->shape(1) == a.shape(1) && full->shape(2) == a.shape(1)), "full has the wrong shape");
  require(!packed || (packed->shape(0) == a.shape(0) && static_cast<std::int64_t>(packed->shape(1)) == half), "packed has the wrong shape");
  require(weight.has_value() == sum.has_value(), "a sum goes with weights");
  require(!sum || (static_cast<std::int64_t>(sum->shape(0)) == n && static_cast<std::int64_t>(sum->shape(1)) == n), "sum has the wrong shape");
  require(kind >= 0 && kind <= 5 && domain >= 0 && domain <= 2, "no such function");
  const std::string chosen = resolve_level(level);
  const Scaled<T> scaled(w ? w->data() : nullptr, w ? 1 : 0, n, n);
  const Scalar f{kind, domain, power};
  threads = worthwhile(count, n, threads);
  const std::int64_t groups = (count + sum_group - 1) / sum_group;
  std::vector<T> sums(sum ? groups * half : 0);
  const std::int64_t chunk = threads <= 1 ? std::max<std::int64_t>(count, 1) : sum_group * std::max<std::int64_t>(groups / (4 * threads), 1);
  const nb::gil_scoped_release release;
  parallel_for(count, chunk, threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, whitened_function_range(begin, end, n, w && scaled.lower[0], w ? scaled.entries.data() : nullptr,
                                                      w ? scaled.exponent[0] : 0, a.data(), f, weight ? weight->data() : nullptr,
                                                      full ? full->data() : nullptr, packed ? packed->data() : nullptr, sums.data(),
                                                      status.data()));
  });
  if (!sum) return;
  for (std::int64_t i = 0, q = 0; i < n; ++i)
    for (std::int64_t j = 0; j <= i; ++j, ++q) {
      T total = 0;
      for (std::int64_t g = 0; g < groups; ++g) total += sums[g * half + q];
      sum->data()[i * n + j] = sum->data()[j * n + i] = total;
    }
}

// The inverse of the Cholesky factor of one matrix, and its least pivot relative to the diagonal entry: 0 where the matrix is not exactly
// symmetric, not finite, or not positive definite.
double inverse_factor(int n, const double* one, Matrix& inverse) {
  Matrix factor(one, one + static_cast<std::size_t>(n) * n);
  double steady = 1;
  for (int j = 0; j < n; ++j) {
    for (int i = j; i < n; ++i) {
      if (!(one[i * n + j] == one[j * n + i])) return 0;
      const double rest = one[i * n + j] - dot(j, factor.data() + i * n, factor.data() + j * n);
      if (i > j) {
        factor[i * n + j] = rest / factor[j * n + j];
        continue;
      }
      if (!(rest > 0 && std::isfinite(rest))) return 0;
      steady = std::min(steady, rest / one[j * n + j]);
      factor[j * n + j] = std::sqrt(rest);
    }
    for (int i = 0; i < j; ++i) factor[i * n + j] = 0;
  }
  inverse.resize(factor.size());
  invert_lower(n, factor, inverse);
  for (const double x : inverse)
    if (!std::isfinite(x)) return 0;
  return steady;
}

// False says that the common matrix is in doubt and nothing was written.
bool affine_common(Batch<double> a, Array<const double, 2> one, double floor, double graded, Array<double, 1> square, Status status,
                   int threads, const std::string& level) {
  const int n = checked_order<double>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0));
  require(one.shape(0) == a.shape(1) && one.shape(1) == a.shape(1), "one has the wrong shape");
  require(square.shape(0) == a.shape(0), "square has the wrong length");
  require(floor >= 0 && graded >= 0, "a bound is negative");
  const std::string chosen = resolve_level(level);
  threads = worthwhile(count, n, threads);
  const nb::gil_scoped_release release;
  Matrix inverse;
  const double steady = inverse_factor(n, one.data(), inverse);
  if (!(steady > floor)) return false;
  const Scaled<double> scaled(inverse.data(), 1, n, n);
  parallel_for(count, share(count, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, affine_common_range(begin, end, n, scaled.entries.data(), scaled.exponent[0], one.data(), a.data(),
                                                  floor / steady, graded, square.data(), status.data()));
  });
  return true;
}

void bures_common(Batch<double> a, Batch<double> b, Array<double, 2> square, Status status, Status status_b, int threads,
                  const std::string& level) {
  const int n = checked_order<double>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0)), many = static_cast<std::int64_t>(b.shape(0));
  require(b.shape(1) == a.shape(1) && b.shape(2) == a.shape(1) && status_b.shape(0) == b.shape(0), "b has the wrong shape");
  require(square.shape(0) == a.shape(0) && square.shape(1) == b.shape(0), "square has the wrong shape");
  require(count > 0, "there are no matrices");
  const std::string chosen = resolve_level(level);
  threads = worthwhile(count * many, n, threads);
  const nb::gil_scoped_release release;
  parallel_for(count, share(count, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, bures_common_range(begin, end, n, static_cast<int>(many), a.data(), b.data(), square.data(), status.data(),
                                                 status_b.data()));
  });
}

void bures_paired(Batch<double> a, Batch<double> b, Array<double, 1> square, Status status, int threads, const std::string& level) {
  const int n = checked_order<double>(a, status);
  const auto count = static_cast<std::int64_t>(a.shape(0));
  require(b.shape(0) == a.shape(0) && b.shape(1) == a.shape(1) && b.shape(2) == a.shape(2), "batches differ in shape");
  require(square.shape(0) == a.shape(0), "square has the wrong length");
  const std::string chosen = resolve_level(level);
  threads = worthwhile(count, n, threads);
  const nb::gil_scoped_release release;
  parallel_for(count, share(count, threads), threads, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, bures_paired_range(begin, end, n, a.data(), b.data(), square.data(), status.data()));
  });
}

template <typename T>
void bind_type(nb::module_& m) {
  using namespace nb::literals;
  m.def("symmetric_eigen", &symmetric_eigen<T>, "a"_a.noconvert(), "values"_a.noconvert(), "vectors"_a.noconvert().none(),
        "status"_a.noconvert(), "threads"_a, "level"_a);
  m.def("congruence", &congruence<T>, "w"_a.noconvert(), "a"_a.noconvert(), "out"_a.noconvert(), "status"_a.noconvert(), "threads"_a,
        "level"_a);
  m.def("whitened_eigenvalues", &whitened_eigenvalues<T>, "w"_a.noconvert(), "a"_a.noconvert(), "values"_a.noconvert(),
        "status"_a.noconvert(), "threads"_a, "level"_a);
  m.def("whitened_function", &whitened_function<T>, "w"_a.noconvert().none(), "a"_a.noconvert(), "kind"_a, "domain"_a, "power"_a,
        "weight"_a.noconvert().none(), "full"_a.noconvert().none(), "packed"_a.noconvert().none(), "sum"_a.noconvert().none(),
        "status"_a.noconvert(), "threads"_a, "level"_a);
}
}  // namespace

void bind_spd(nb::module_& m) {
  bind_type<double>(m);
  bind_type<float>(m);
  using namespace nb::literals;
  m.def("affine_common", &affine_common, "a"_a.noconvert(), "one"_a.noconvert(), "floor"_a, "graded"_a, "square"_a.noconvert(),
        "status"_a.noconvert(), "threads"_a, "level"_a);
  m.def("bures_common", &bures_common, "a"_a.noconvert(), "b"_a.noconvert(), "square"_a.noconvert(), "status"_a.noconvert(),
        "status_b"_a.noconvert(), "threads"_a, "level"_a);
  m.def("bures_paired", &bures_paired, "a"_a.noconvert(), "b"_a.noconvert(), "square"_a.noconvert(), "status"_a.noconvert(), "threads"_a,
        "level"_a);
}

}  // namespace erlangen
