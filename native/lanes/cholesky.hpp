// Cholesky's factors of symmetric matrices in lanes, and whether they are beyond doubt.
// Definition: A = F F^T, F lower triangular; `broken` marks lanes with a pivot that is not positive, `slight` those with one below 4 n eps of its
// diagonal entry.
// Convention: A is the lower triangle by rows; rows of F are row_stride(n) apart.
#pragma once

#include "lanes/factor_products.hpp"

namespace erlangen::ERLANGEN_LEVEL {

// Cholesky's factor of R rows from i on, all columns; a pivot that is not positive marks its lane and counts as one.
template <int R>
inline void cholesky_rows(int i, std::int64_t stride, FactorLanes floor, const FactorStored* tri, FactorStored* f, Mask<double>& broken,
                          Mask<double>& slight) {
  for (int j = 0; j < i; ++j) {
    const FactorStored* other = f + j * stride;
    FactorLanes sum[R];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) sum[t] = tri[row_at(i + t) + j];
    for (int k = 0; k < j; ++k) {
      const FactorLanes b = other[k];
#pragma GCC unroll 8
      for (int t = 0; t < R; ++t) sum[t] = drained(FactorLanes(f[(i + t) * stride + k]), b, sum[t]);
    }
    const FactorLanes inverse = all<double>(1) / other[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) f[(i + t) * stride + j] = sum[t] * inverse;
  }
  for (int t = 0; t < R; ++t)
    for (int j = i; j <= i + t; ++j) {
      FactorLanes sum = tri[row_at(i + t) + j];
      for (int k = 0; k < j; ++k) sum = drained(FactorLanes(f[(i + t) * stride + k]), FactorLanes(f[j * stride + k]), sum);
      if (j < i + t) {
        f[(i + t) * stride + j] = sum / f[j * stride + j];
        continue;
      }
      const Mask<double> good = above(sum, all<double>(0));
      broken = broken | ~good;
      slight = slight | ~above(sum, floor * tri[row_at(i + t) + j]);
      f[j * stride + j] = root(select(good, sum, all<double>(1)));
    }
}

// The factors of one block.
inline Mask<double> cholesky(int n, const FactorStored* tri, FactorStored* f, Mask<double>& slight) {
  const std::int64_t stride = row_stride(n);
  const FactorLanes floor = all<double>(4 * n * Limits<double>::eps);
  Mask<double> broken = above(all<double>(0), all<double>(1));
  slight = broken;
  int i = 0;
  for (; i + rows_of_tile <= n; i += rows_of_tile) cholesky_rows<rows_of_tile>(i, stride, floor, tri, f, broken, slight);
  for (; i < n; ++i) cholesky_rows<1>(i, stride, floor, tri, f, broken, slight);
  for (i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j) f[i * stride + j] = all<double>(0);
  return broken;
}

// Whether the two halves of one matrix differ anywhere.
inline bool asymmetric(int n, const double* a) {
  bool differs = false;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j) differs |= a[i * n + j] != a[j * n + i];
  return differs;
}

}  // namespace erlangen::ERLANGEN_LEVEL
