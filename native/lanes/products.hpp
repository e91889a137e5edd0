// Products of matrices in lanes: congruence by one common matrix, and V f V^T from eigenvectors.
// Definition: C = W A W^T; R = sum_k f_k z_k z_k^T; the lower triangles by rows.
// Convention: W is scalar, m x n, the same for all lanes; A is full, rows row_stride(n) apart; tiles of sums are held in registers.
#pragma once

#include "lanes/tridiagonal.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int tile_rows = row_tile, tile_columns = 4;

// Write the lower triangle of a tile whose corner is (i, j).
template <typename T, int R, int C>
inline void write_tile(int i, int j, const typename Lane<T>::lanes (&sum)[R][C], typename Lane<T>::stored* tri) {
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s)
      if (j + s <= i + t) tri[row_at(i + t) + j + s] = sum[t][s];
}

// panel[t][j ..] = sum_{k < reach} W[t][k] A[k][j ..].
template <typename T, int R, int C>
inline void left_tile(int j, int reach, int n, const T* W, const typename Lane<T>::stored* full, typename Lane<T>::stored* panel) {
  const std::int64_t stride = row_stride(n);
  typename Lane<T>::lanes sum[R][C] = {};
  for (int k = 0; k < reach; ++k) {
    typename Lane<T>::lanes a[C];
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s) a[s] = full[k * stride + j + s];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
      for (int s = 0; s < C; ++s) sum[t][s] = fused(all<T>(W[static_cast<std::int64_t>(t) * n + k]), a[s], sum[t][s]);
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t)
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s) panel[static_cast<std::int64_t>(t) * n + j + s] = sum[t][s];
}

// C[i + t][j + s] = sum_{k < reach} panel[t][k] W[j + s][k].
template <typename T, int R, int C>
inline void right_tile(int i, int j, int reach, int n, const T* W, const typename Lane<T>::stored* panel, typename Lane<T>::stored* tri) {
  typename Lane<T>::lanes sum[R][C] = {};
  const T* row = W + static_cast<std::int64_t>(j) * n;
  for (int k = 0; k < reach; ++k) {
    typename Lane<T>::lanes a[R];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) a[t] = panel[static_cast<std::int64_t>(t) * n + k];
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s)
#pragma GCC unroll 8
      for (int t = 0; t < R; ++t) sum[t][s] = fused(all<T>(row[static_cast<std::int64_t>(s) * n + k]), a[t], sum[t][s]);
  }
  write_tile<T, R, C>(i, j, sum, tri);
}

template <typename T, int R>
inline void congruence_rows(int i, int n, const T* W, bool lower, const typename Lane<T>::stored* full, typename Lane<T>::stored* panel,
                            typename Lane<T>::stored* tri) {
  const auto within = [&](int end) { return lower && end < n ? end : n; };
  const T* rows = W + static_cast<std::int64_t>(i) * n;
  const int reach = within(i + R);
  int j = 0;
  for (; j + tile_columns <= reach; j += tile_columns) left_tile<T, R, tile_columns>(j, reach, n, rows, full, panel);
  for (; j < reach; ++j) left_tile<T, R, 1>(j, reach, n, rows, full, panel);
  for (j = 0; j + tile_columns <= i + R; j += tile_columns)
    right_tile<T, R, tile_columns>(i, j, within(j + tile_columns), n, W, panel, tri);
  for (; j < i + R; ++j) right_tile<T, R, 1>(i, j, within(j + 1), n, W, panel, tri);
}

// The m x m congruence; `lower` says that W is lower triangular, and `panel` has room for tile_rows rows of n.
template <typename T>
inline void congruence(int m, int n, const T* W, bool lower, const typename Lane<T>::stored* full, typename Lane<T>::stored* panel,
                       typename Lane<T>::stored* tri) {
  int i = 0;
  for (; i + tile_rows <= m; i += tile_rows) congruence_rows<T, tile_rows>(i, n, W, lower, full, panel, tri);
  for (; i < m; ++i) congruence_rows<T, 1>(i, n, W, lower, full, panel, tri);
}

template <typename T, int R, int C>
inline void image_tile(int i, int j, int n, const typename Lane<T>::stored* panel, const typename Lane<T>::stored* z,
                       typename Lane<T>::stored* tri) {
  using lanes = typename Lane<T>::lanes;
  const std::int64_t stride = row_stride(n);
  lanes sum[R][C] = {};
  for (int k = 0; k < n; ++k) {
    lanes a[R];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) a[t] = panel[static_cast<std::int64_t>(k) * R + t];
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s) {
      const lanes b = z[k * stride + j + s];
#pragma GCC unroll 8
      for (int t = 0; t < R; ++t) sum[t][s] = fused(a[t], b, sum[t][s]);
    }
  }
  write_tile<T, R, C>(i, j, sum, tri);
}

template <typename T, int R>
inline void image_rows(int i, int n, const typename Lane<T>::stored* f, const typename Lane<T>::stored* z,
                       typename Lane<T>::stored* panel, typename Lane<T>::stored* tri) {
  const std::int64_t stride = row_stride(n);
  for (int k = 0; k < n; ++k)
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) panel[static_cast<std::int64_t>(k) * R + t] = f[k] * z[k * stride + i + t];
  int j = 0;
  for (; j + tile_columns <= i + R && j + tile_columns <= n; j += tile_columns) image_tile<T, R, tile_columns>(i, j, n, panel, z, tri);
  for (; j < i + R; ++j) image_tile<T, R, 1>(i, j, n, panel, z, tri);
}

// The lower triangle of sum_k f_k z_k z_k^T from the rows z_k, row_stride(n) apart.
template <typename T>
inline void image(int n, const typename Lane<T>::stored* f, const typename Lane<T>::stored* z, typename Lane<T>::stored* panel,
                  typename Lane<T>::stored* tri) {
  int i = 0;
  for (; i + tile_rows <= n; i += tile_rows) image_rows<T, tile_rows>(i, n, f, z, panel, tri);
  for (; i < n; ++i) image_rows<T, 1>(i, n, f, z, panel, tri);
}

}  // namespace erlangen::ERLANGEN_LEVEL
