// Cholesky's factors of symmetric matrices in lanes, and whether they are beyond doubt.
// Definition: A = F F^T, F lower triangular; `broken` marks lanes with a pivot that is not positive, `slight` those with one below 4 n eps of its
// diagonal entry.
// Convention: A is the lower triangle by rows; rows of F are row_stride(n) apart.
#pragma once

#include "lanes/factor_products.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int rows_of_panel = 4, columns_of_panel = 2;

// Entries of R rows in C columns from j on, left of the diagonal; what the factor's own rows hold beside their diagonals are inverse pivots.
template <int R, int C>
inline void cholesky_tile(int i, int j, std::int64_t stride, const FactorStored* tri, FactorStored* f) {
  FactorLanes sum[C][R];
#pragma GCC unroll 8
  for (int c = 0; c < C; ++c)
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) sum[c][t] = tri[row_at(i + t) + j + c];
  for (int k = 0; k < j; ++k) {
    FactorLanes own[R];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) own[t] = f[(i + t) * stride + k];
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) {
      const FactorLanes other = f[(j + c) * stride + k];
#pragma GCC unroll 8
      for (int t = 0; t < R; ++t) sum[c][t] = drained(own[t], other, sum[c][t]);
    }
  }
#pragma GCC unroll 8
  for (int c = 0; c < C; ++c) {
    const FactorLanes inverse = f[(j + c) * stride + j + c + 1];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
#pragma GCC unroll 8
      for (int b = 0; b < c; ++b) sum[c][t] = drained(sum[b][t], FactorLanes(f[(j + c) * stride + j + b]), sum[c][t]);
      f[(i + t) * stride + j + c] = sum[c][t] *= inverse;
    }
  }
}

// R rows from i on, all columns; a pivot that is not positive marks its lane and counts as one.
template <int R>
inline void cholesky_rows(int i, int n, FactorLanes floor, const FactorStored* tri, FactorStored* f, Mask<double>& broken, Mask<double>& slight) {
  const std::int64_t stride = row_stride(n);
  int j = 0;
  for (; j + columns_of_panel <= i; j += columns_of_panel) cholesky_tile<R, columns_of_panel>(i, j, stride, tri, f);
  for (; j < i; ++j) cholesky_tile<R, 1>(i, j, stride, tri, f);
  FactorLanes sum[R][R], inverse[R];
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
    for (int s = 0; s <= t; ++s) sum[t][s] = tri[row_at(i + t) + i + s];
  for (int k = 0; k < i; ++k) {
    FactorLanes own[R];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) own[t] = f[(i + t) * stride + k];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
      for (int s = 0; s <= t; ++s) sum[t][s] = drained(own[t], own[s], sum[t][s]);
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
    for (int s = 0; s <= t; ++s) {
#pragma GCC unroll 8
      for (int b = 0; b < s; ++b) sum[t][s] = drained(sum[t][b], sum[s][b], sum[t][s]);
      if (s < t) {
        f[(i + t) * stride + i + s] = sum[t][s] *= inverse[s];
        continue;
      }
      const Mask<double> good = above(sum[t][t], all<double>(0));
      broken = broken | ~good;
      slight = slight | ~above(sum[t][t], floor * tri[row_at(i + t) + i + t]);
      const FactorLanes pivot = root(select(good, sum[t][t], all<double>(1)));
      f[(i + t) * (stride + 1)] = sum[t][t] = pivot;
      inverse[t] = all<double>(1) / pivot;
      if (i + t + 1 < n) f[(i + t) * (stride + 1) + 1] = inverse[t];
    }
}

// The factors of one block.
inline Mask<double> cholesky(int n, const FactorStored* tri, FactorStored* f, Mask<double>& slight) {
  const std::int64_t stride = row_stride(n);
  const FactorLanes floor = all<double>(4 * n * Limits<double>::eps);
  Mask<double> broken = above(all<double>(0), all<double>(1));
  slight = broken;
  int i = 0;
  for (; i + rows_of_panel <= n; i += rows_of_panel) cholesky_rows<rows_of_panel>(i, n, floor, tri, f, broken, slight);
  for (; i < n; ++i) cholesky_rows<1>(i, n, floor, tri, f, broken, slight);
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
