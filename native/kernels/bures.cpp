// Nuclear norms of products of factors, from which Bures-Wasserstein distances are made.
// Definition: A = F F^T, B = E E^T; the nuclear norm of E^T F is tr (A^{1/2} B A^{1/2})^{1/2}; see the Python twin in linalg/bures_distances.
// Convention: F is Cholesky's where that exists, else V diag(values)^{1/2}; status 1 not finite, 2 not converged, 3 not positive semidefinite.
#include <cmath>

#include "kernels.hpp"
#include "lanes/bidiagonal.hpp"
#include "lanes/eigen.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

using lanes = Lane<double>::lanes;
using stored = Lane<double>::stored;
constexpr int wide = Lane<double>::wide, rows_of_tile = row_tile, columns_of_tile = 4;

// Cholesky's factor of R rows from i on, all columns; a pivot that is not positive marks its lane and counts as one.
template <int R>
inline void cholesky_rows(int i, std::int64_t stride, const stored* tri, stored* f, Mask<double>& broken) {
  for (int j = 0; j < i; ++j) {
    const stored* other = f + j * stride;
    lanes sum[R];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) sum[t] = tri[row_at(i + t) + j];
    for (int k = 0; k < j; ++k) {
      const lanes b = other[k];
#pragma GCC unroll 8
      for (int t = 0; t < R; ++t) sum[t] = drained(lanes(f[(i + t) * stride + k]), b, sum[t]);
    }
    const lanes inverse = all<double>(1) / other[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) f[(i + t) * stride + j] = sum[t] * inverse;
  }
  for (int t = 0; t < R; ++t)
    for (int j = i; j <= i + t; ++j) {
      lanes sum = tri[row_at(i + t) + j];
      for (int k = 0; k < j; ++k) sum = drained(lanes(f[(i + t) * stride + k]), lanes(f[j * stride + k]), sum);
      if (j < i + t) {
        f[(i + t) * stride + j] = sum / f[j * stride + j];
        continue;
      }
      const Mask<double> good = above(sum, all<double>(0));
      broken = broken | ~good;
      f[j * stride + j] = root(select(good, sum, all<double>(1)));
    }
}

inline Mask<double> cholesky(int n, const stored* tri, stored* f) {
  const std::int64_t stride = row_stride(n);
  Mask<double> broken = above(all<double>(0), all<double>(1));
  int i = 0;
  for (; i + rows_of_tile <= n; i += rows_of_tile) cholesky_rows<rows_of_tile>(i, stride, tri, f, broken);
  for (; i < n; ++i) cholesky_rows<1>(i, stride, tri, f, broken);
  for (i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j) f[i * stride + j] = all<double>(0);
  return broken;
}

// In the lanes `broken`, replace the factor by V diag(values)^{1/2}; a value below zero by more than rounding is told as status 3.
inline void root_factor(int n, EigenSpace<double>& s, Mask<double> broken, stored* f, std::int8_t* status) {
  const std::int64_t stride = row_stride(n);
  diagonalise<double, true>(n, s);
  const lanes zero = all<double>(0);
  lanes least = zero, most = zero;
  for (int k = 0; k < n; ++k) {
    const lanes x = s.d[k], size = magnitude(x);
    least = select(above(least, x), x, least);
    most = select(above(size, most), size, most);
  }
  const Mask<double> negative = above(-least, most * all<double>(4 * n * Limits<double>::eps)) & broken;
  for (int k = 0; k < wide; ++k)
    if (select(negative, all<double>(1), zero)[k] != 0) status[k] = 3;
    else if (s.failed[k] && status[k] == 0) status[k] = 2;
  for (int k = 0; k < n; ++k) {
    const lanes x = s.d[k], size = root(select(above(x, zero), x, zero));
    for (int r = 0; r < n; ++r) f[r * stride + k] = select(broken, s.z[k * stride + r] * size, lanes(f[r * stride + k]));
  }
}

// Load and factor one block; exponent[k] is that of the factor, and true is returned where all factors are triangular.
inline bool factor_block(int n, int count, const double* a, EigenSpace<double>& s, stored* f, int* exponent, std::int8_t* status) {
  bool bad[wide];
  lanes even;
  load<double>(n, count, a, s.tri, exponent, bad);
  for (int k = 0; k < wide; ++k) {
    const bool odd = exponent[k] % 2 != 0;
    even[k] = odd ? 0.5 : 1.0;
    exponent[k] = (exponent[k] + odd) / 2;
    status[k] = bad[k] ? 1 : 0;
  }
  for (std::int64_t q = 0; q < row_at(n); ++q) s.tri[q] *= even;
  for (int k = count; k < wide; ++k)
    for (int i = 0; i < n; ++i) s.tri[row_at(i) + i][k] = 1;
  for (int k = 0; k < count; ++k)
    for (int i = 0; bad[k] && i < n; ++i) s.tri[row_at(i) + i][k] = 1;
  const Mask<double> broken = cholesky(n, s.tri, f);
  if (!any(broken)) return true;
  root_factor(n, s, broken, f, status);
  return false;
}

// A common factor's entry in every lane, or that of each lane's own factor.
struct Common {
  const double* at;
  std::int64_t stride;
  lanes operator()(int k, int i) const { return all<double>(at[k * stride + i]); }
};
struct Own {
  const stored* at;
  std::int64_t stride;
  lanes operator()(int k, int i) const { return at[k * stride + i]; }
};

// A tile of E^T F: rows k from `from` on.
template <int R, int C, typename Left>
inline void product_tile(int i, int j, int from, int n, const Left& left, const stored* f, stored* g) {
  const std::int64_t stride = row_stride(n);
  lanes sum[R][C] = {};
  for (int k = from; k < n; ++k) {
    lanes b[C];
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s) b[s] = f[k * stride + j + s];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
      const lanes a = left(k, i + t);
#pragma GCC unroll 8
      for (int s = 0; s < C; ++s) sum[t][s] = fused(a, b[s], sum[t][s]);
    }
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s) g[(i + t) * stride + j + s] = sum[t][s];
}

template <int R, typename Left>
inline void product_rows(int i, bool lower_left, bool lower_right, int n, const Left& left, const stored* f, stored* g) {
  const auto from = [&](int j) {
    const int a = lower_left ? i : 0, b = lower_right ? j : 0;
    return a > b ? a : b;
  };
  int j = 0;
  for (; j + columns_of_tile <= n; j += columns_of_tile) product_tile<R, columns_of_tile>(i, j, from(j), n, left, f, g);
  for (; j < n; ++j) product_tile<R, 1>(i, j, from(j), n, left, f, g);
}

template <typename Left>
inline void product(bool lower_left, bool lower_right, int n, const Left& left, const stored* f, stored* g) {
  int i = 0;
  for (; i + rows_of_tile <= n; i += rows_of_tile) product_rows<rows_of_tile>(i, lower_left, lower_right, n, left, f, g);
  for (; i < n; ++i) product_rows<1>(i, lower_left, lower_right, n, left, f, g);
}

inline double scaled_back(double x, int exponent) { return PowerOfTwo<double>(exponent)(x); }
}  // namespace

void bures_common_range(std::int64_t begin, std::int64_t end, std::int64_t total, int n, int count_b, const bool* lower, const double* factor,
                        const int* exponent_b, const double* a, double* nuclear, std::int8_t* status) {
  const std::int64_t size = static_cast<std::int64_t>(n) * n, block = n * row_stride(n);
  Space space(static_cast<std::size_t>(4 * block + EigenSpace<double>::registers(n, true) + 2 * BidiagonalSpace<double>::registers(n)) *
              register_bytes);
  EigenSpace<double> s(space, n, true);
  BidiagonalSpace<double> narrow(space, n), other(space, n);
  BidiagonalSpace<double>* const spaces[2] = {&narrow, &other};
  stored* const f[2] = {space.take<double>(block), space.take<double>(block)};
  stored* const g[2] = {space.take<double>(block), space.take<double>(block)};
  int exponent[2][wide];
  std::int8_t told[2][wide];
  for (std::int64_t at = begin; at < end; at += 2 * wide) {
    const int blocks = end - at > wide ? 2 : 1, rest = static_cast<int>(end - at - wide);
    const int count[2] = {blocks == 2 ? wide : static_cast<int>(end - at), rest < wide ? rest : wide};
    bool triangular[2];
    for (int h = 0; h < blocks; ++h) triangular[h] = factor_block(n, count[h], a + (at + h * wide) * size, s, f[h], exponent[h], told[h]);
    for (int b = 0; b < count_b; ++b) {
      bool failed[2][wide] = {};
      bool* const tell[2] = {failed[0], failed[1]};
      lanes sum[2];
      for (int h = 0; h < blocks; ++h) product(lower[b], triangular[h], n, Common{factor + b * size, n}, f[h], g[h]);
      if (blocks == 2)
        nuclear_norms<double, 2>(n, g, spaces, tell, sum);
      else
        nuclear_norms<double, 1>(n, g, spaces, tell, sum);
      for (int h = 0; h < blocks; ++h)
        for (int k = 0; k < count[h]; ++k) {
          nuclear[b * total + at + h * wide + k] = scaled_back(sum[h][k], exponent[h][k] + exponent_b[b]);
          if (failed[h][k] && !told[h][k]) told[h][k] = 2;
        }
    }
    for (int h = 0; h < blocks; ++h)
      for (int k = 0; k < count[h]; ++k) status[at + h * wide + k] = told[h][k];
  }
}

void bures_paired_range(std::int64_t begin, std::int64_t end, int n, const double* a, const double* b, double* nuclear,
                        std::int8_t* status) {
  const std::int64_t size = static_cast<std::int64_t>(n) * n, block = n * row_stride(n);
  Space space(static_cast<std::size_t>(3 * block + EigenSpace<double>::registers(n, true) + BidiagonalSpace<double>::registers(n)) *
              register_bytes);
  EigenSpace<double> s(space, n, true);
  BidiagonalSpace<double> narrow(space, n);
  BidiagonalSpace<double>* const one_space = &narrow;
  stored *f = space.take<double>(block), *e = space.take<double>(block), *g = space.take<double>(block);
  int exponent[wide], exponent_b[wide];
  std::int8_t told[wide], told_b[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    bool failed[wide] = {};
    bool* const tell = failed;
    const bool triangular = factor_block(n, count, a + at * size, s, f, exponent, told);
    const bool triangular_b = factor_block(n, count, b + at * size, s, e, exponent_b, told_b);
    product(triangular_b, triangular, n, Own{e, row_stride(n)}, f, g);
    lanes sum;
    nuclear_norms<double, 1>(n, &g, &one_space, &tell, &sum);
    for (int k = 0; k < count; ++k) {
      nuclear[at + k] = scaled_back(sum[k], exponent[k] + exponent_b[k]);
      status[at + k] = told[k] ? told[k] : told_b[k] ? told_b[k] : failed[k] ? 2 : 0;
    }
  }
}
}  // namespace erlangen::ERLANGEN_LEVEL
