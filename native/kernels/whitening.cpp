// Congruence by common matrices, alone or followed by the eigenvalues or by a function of the result.
// Definition: C = W A W^T; eigenvalues of C ascending; f(C) = V diag(f(values)) V^T; see the Python twins in linalg/whitening.
// Convention: W is scaled by a power of two before it comes here; sums over matrices go by groups of 64, whatever the threads; status 1 not
// finite, 2 not converged, 3 outside the domain of f, 4 done but singular to working precision; of distances: see affine_common_range.
#include <cmath>

#include "kernels.hpp"
#include "lanes/cholesky.hpp"
#include "lanes/eigen.hpp"
#include "lanes/products.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

// f of one matrix's eigenvalues (scaled back), its status, and no value that is not finite.
template <typename T>
inline std::int8_t apply(const Scalar& f, int n, T* d, T* image, int stride, const PowerOfTwo<T>& scale) {
  T least = Limits<T>::infinity, most = 0;
  for (int i = 0; i < n; ++i) {
    const T x = scale(d[static_cast<std::int64_t>(i) * stride]), size = x < 0 ? -x : x;
    least = x < least ? x : least;
    most = size > most ? size : most;
  }
  const T noise = static_cast<T>(n) * Limits<T>::eps * most;
  if (f.domain == 1 && least < -4 * noise) return 3;
  if (f.domain == 2 && !(least > 0)) return 3;
  std::int8_t status = f.domain == 2 && least < noise ? 4 : 0;
  for (int i = 0; i < n; ++i) {
    T x = scale(d[static_cast<std::int64_t>(i) * stride]);
    if (f.domain == 1 && x < 0) x = 0;
    T y;
    switch (f.kind) {
      case 0: y = std::log(x); break;
      case 1: y = std::sqrt(x); break;
      case 2: y = std::exp(x); break;
      case 3: y = 1 / std::sqrt(x); break;
      case 4: y = 1 / x; break;
      default: y = static_cast<T>(std::pow(static_cast<double>(x), f.power));
    }
    if (!(y < Limits<T>::infinity && y > -Limits<T>::infinity)) status = 3, y = 0;
    image[static_cast<std::int64_t>(i) * stride] = y;
  }
  return status;
}

// Write one lane of a triangle as a full matrix, or packed: rows of the upper triangle, sqrt(2) off the diagonal.
template <typename T>
inline void write_full(int n, const T* cell, T* out, const PowerOfTwo<T>& scale) {
  constexpr int wide = Lane<T>::wide;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) {
      const T x = scale(cell[(row_at(i) + j) * wide]);
      out[static_cast<std::int64_t>(i) * n + j] = x;
      out[static_cast<std::int64_t>(j) * n + i] = x;
    }
}

template <typename T>
inline void write_packed(int n, const T* cell, T* out) {
  constexpr int wide = Lane<T>::wide;
  const T diagonal = 1, beside = static_cast<T>(1.4142135623730950488);
  for (int i = 0; i < n; ++i)
    for (int j = i; j < n; ++j) *out++ = cell[(row_at(j) + i) * wide] * (i == j ? diagonal : beside);
}

template <typename T>
inline void congruence_blocks(std::int64_t begin, std::int64_t end, int m, int n, bool lower, const T* W, int exponent_w, const T* a,
                              T* out, std::int8_t* status) {
  constexpr int wide = Lane<T>::wide;
  const std::int64_t size = static_cast<std::int64_t>(n) * n, target = static_cast<std::int64_t>(m) * m;
  Space space(static_cast<std::size_t>(n * row_stride(n) + tile_rows * n + row_at(m)) * register_bytes);
  auto *full = space.take<T>(n * row_stride(n)), *panel = space.take<T>(tile_rows * n), *tri = space.take<T>(row_at(m));
  int exponent[wide];
  bool bad[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    load_full<T>(n, count, a + at * size, full, exponent, bad);
    congruence<T>(m, n, W, lower, full, panel, tri);
    for (int k = 0; k < count; ++k) {
      status[at + k] = bad[k] ? 1 : 0;
      write_full<T>(m, reinterpret_cast<const T*>(tri) + k, out + (at + k) * target, PowerOfTwo<T>(exponent[k] + 2 * exponent_w));
    }
  }
}

template <typename T>
inline void value_blocks(std::int64_t begin, std::int64_t end, std::int64_t total, int n, int count_w, const bool* lower, const T* W,
                         const int* exponent_w, const T* a, T* values, std::int8_t* status) {
  constexpr int wide = Lane<T>::wide;
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  Space space(static_cast<std::size_t>(n * row_stride(n) + tile_rows * n + EigenSpace<T>::registers(n, false)) * register_bytes);
  auto *full = space.take<T>(n * row_stride(n)), *panel = space.take<T>(tile_rows * n);
  EigenSpace<T> s(space, n, false);
  int exponent[wide], shifted[wide], order[most_order];
  bool bad[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    load_full<T>(n, count, a + at * size, full, exponent, bad);
    for (int k = 0; k < count; ++k) status[at + k] = bad[k] ? 1 : 0;
    for (int w = 0; w < count_w; ++w) {
      congruence<T>(n, n, W + w * size, lower[w], full, panel, s.tri);
      for (int k = 0; k < wide; ++k) shifted[k] = exponent[k] + 2 * exponent_w[w];
      rescale<T>(n, s.tri, shifted);
      diagonalise<T, false>(n, s);
      for (int k = 0; k < count; ++k) {
        if (s.failed[k] && !bad[k]) status[at + k] = 2;
        const T* d = reinterpret_cast<const T*>(s.d) + k;
        ascending<T>(n, d, wide, order);
        const PowerOfTwo<T> scale(shifted[k]);
        T* to = values + (w * total + at + k) * n;
        for (int i = 0; i < n; ++i) to[i] = scale(d[static_cast<std::int64_t>(order[i]) * wide]);
      }
    }
  }
}

// The sum of log^2 of one lane's eigenvalues and its status: 3 near singular, 5 spread further than its digits allow.
inline std::int8_t sum_of_logs(int n, const double* d, int exponent, double least_ratio, double graded, double* square) {
  constexpr int wide = Lane<double>::wide;
  const PowerOfTwo<double> scale(exponent);
  double least = Limits<double>::infinity, most = -Limits<double>::infinity, sum = 0;
  for (int i = 0; i < n; ++i) {
    const double x = d[static_cast<std::int64_t>(i) * wide];
    least = x < least ? x : least;
    most = x > most ? x : most;
  }
  if (!(least > 0 && least > least_ratio * most)) return 3;
  if (least < graded * most) return 5;
  for (int i = 0; i < n; ++i) {
    const double y = std::log(scale(d[static_cast<std::int64_t>(i) * wide]));
    sum += y * y;
  }
  if (!(sum < Limits<double>::infinity)) return 3;
  *square = sum;
  return 0;
}

inline bool equal(std::int64_t size, const double* a, const double* b) {
  for (std::int64_t q = 0; q < size; ++q)
    if (a[q] != b[q]) return false;
  return true;
}

template <typename T>
inline void function_blocks(std::int64_t begin, std::int64_t end, int n, bool lower, const T* W, int exponent_w, const T* a,
                            const Scalar& f, const T* weight, T* full_out, T* packed_out, T* sums, std::int8_t* status) {
  using stored = typename Lane<T>::stored;
  constexpr int wide = Lane<T>::wide;
  const std::int64_t size = static_cast<std::int64_t>(n) * n, half = row_at(n);
  Space space(static_cast<std::size_t>(EigenSpace<T>::registers(n, true) + tile_rows * n + n + half) * register_bytes);
  EigenSpace<T> s(space, n, true);
  stored *panel = space.take<T>(tile_rows * n), *image_d = space.take<T>(n), *sum = space.take<T>(half);
  int exponent[wide];
  bool bad[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    if (W) {
      load_full<T>(n, count, a + at * size, s.z, exponent, bad);
      congruence<T>(n, n, W, lower, s.z, panel, s.tri);
      for (int k = 0; k < wide; ++k) exponent[k] += 2 * exponent_w;
      rescale<T>(n, s.tri, exponent);
    } else {
      load<T>(n, count, a + at * size, s.tri, exponent, bad);
    }
    diagonalise<T, true>(n, s);
    for (int k = 0; k < wide; ++k) {
      T *d = reinterpret_cast<T*>(s.d) + k, *y = reinterpret_cast<T*>(image_d) + k;
      std::int8_t told = bad[k] ? 1 : s.failed[k] ? 2 : 0;
      if (k < count && !told) told = apply<T>(f, n, d, y, wide, PowerOfTwo<T>(exponent[k]));
      if (k >= count || (told && told != 4))
        for (int i = 0; i < n; ++i) y[static_cast<std::int64_t>(i) * wide] = 0;
      if (k < count) status[at + k] = told;
    }
    image<T>(n, image_d, s.z, panel, s.tri);
    const T* cell = reinterpret_cast<const T*>(s.tri);
    for (int k = 0; k < count; ++k) {
      if (full_out) write_full<T>(n, cell + k, full_out + (at + k) * size, PowerOfTwo<T>(0));
      if (packed_out) write_packed<T>(n, cell + k, packed_out + (at + k) * half);
    }
    if (!weight) continue;
    typename Lane<T>::lanes w = all<T>(0);
    for (int k = 0; k < count; ++k) w[k] = weight[at + k];
    const bool opens = at % sum_group == 0;
    for (std::int64_t q = 0; q < half; ++q) sum[q] = opens ? w * s.tri[q] : fused(w, typename Lane<T>::lanes(s.tri[q]), typename Lane<T>::lanes(sum[q]));
    if (at + wide < end && (at + wide) % sum_group != 0) continue;
    T* to = sums + at / sum_group * half;
    for (std::int64_t q = 0; q < half; ++q) {
      T total = 0;
      for (int k = 0; k < wide; ++k) total += sum[q][k];
      to[q] = total;
    }
  }
}
}  // namespace

// Squared affine-invariant distances to one matrix from its inverse factor W; status 1 and 2 as above, 3 near singular, 4 not exactly symmetric,
// 5 spread further than the digits of eigenvalues allow (left to singular values).
void affine_common_range(std::int64_t begin, std::int64_t end, int n, const double* W, int exponent_w, const double* one, const double* a,
                         double least_ratio, double graded, double* square, std::int8_t* status) {
  constexpr int wide = Lane<double>::wide;
  constexpr double close = 1e-12;
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  Space space(static_cast<std::size_t>(n * row_stride(n) + tile_rows * n + EigenSpace<double>::registers(n, false)) * register_bytes);
  auto *full = space.take<double>(n * row_stride(n)), *panel = space.take<double>(tile_rows * n);
  EigenSpace<double> s(space, n, false);
  int exponent[wide];
  bool bad[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    load_full<double>(n, count, a + at * size, full, exponent, bad);
    congruence<double>(n, n, W, true, full, panel, s.tri);
    for (int k = 0; k < wide; ++k) exponent[k] += 2 * exponent_w;
    rescale<double>(n, s.tri, exponent);
    diagonalise<double, false>(n, s);
    for (int k = 0; k < count; ++k) {
      const double* matrix = a + (at + k) * size;
      double* to = square + at + k;
      std::int8_t told = bad[k] ? 1 : s.failed[k] ? 2 : asymmetric(n, matrix) ? 4 : 0;
      if (told == 0) told = sum_of_logs(n, reinterpret_cast<const double*>(s.d) + k, exponent[k], least_ratio, graded, to);
      if (told == 0 && *to < close && equal(size, matrix, one)) *to = 0;
      status[at + k] = told;
    }
  }
}

#define ERLANGEN_WHITENING(T)                                                                                                     \
  void congruence_range(std::int64_t begin, std::int64_t end, int m, int n, bool lower, const T* W, int exponent_w, const T* a,   \
                        T* out, std::int8_t* status) {                                                                            \
    congruence_blocks<T>(begin, end, m, n, lower, W, exponent_w, a, out, status);                                                 \
  }                                                                                                                               \
  void whitened_values_range(std::int64_t begin, std::int64_t end, std::int64_t total, int n, int count_w, const bool* lower,     \
                             const T* W, const int* exponent_w, const T* a, T* values, std::int8_t* status) {                     \
    value_blocks<T>(begin, end, total, n, count_w, lower, W, exponent_w, a, values, status);                                      \
  }                                                                                                                               \
  void whitened_function_range(std::int64_t begin, std::int64_t end, int n, bool lower, const T* W, int exponent_w, const T* a,   \
                               const Scalar& f, const T* weight, T* full, T* packed, T* sums, std::int8_t* status) {              \
    function_blocks<T>(begin, end, n, lower, W, exponent_w, a, f, weight, full, packed, sums, status);                            \
  }

ERLANGEN_WHITENING(double)
ERLANGEN_WHITENING(float)
}  // namespace erlangen::ERLANGEN_LEVEL
