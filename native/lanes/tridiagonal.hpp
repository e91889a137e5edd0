// Householder reduction of symmetric matrices in lanes to tridiagonal form.
// Definition: Q^T A Q = T, Q = H_{n-1} ... H_1, H_i = I - tau_i u_i u_i^T acting on the entries below i (Golub & Van Loan, sec. 8.3.1).
// Convention: A is the lower triangle by rows, row i at i (i + 1) / 2; row i ends as u_i with u_i[i-1] = 1; e[i] couples i and i + 1.
#pragma once

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int row_tile = register_bytes == 64 ? 4 : 2;

// Rows r .. r + R - 1 of the leading block: apply the pending update A - v w^T - w v^T and gather p = A u.
template <typename T, int R, bool pending>
inline void update_rows(int r, typename Lane<T>::stored* tri, const typename Lane<T>::stored* v, const typename Lane<T>::stored* w,
                        const typename Lane<T>::stored* u, typename Lane<T>::stored* p) {
  using lanes = typename Lane<T>::lanes;
  typename Lane<T>::stored* row[R];
  lanes own_u[R], own_v[R], own_w[R], sum[R];
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) {
    row[t] = tri + row_at(r + t);
    own_u[t] = u[r + t];
    if (pending) own_v[t] = v[r + t], own_w[t] = w[r + t];
    sum[t] = all<T>(0);
  }
  for (int j = 0; j < r; ++j) {
    const lanes uj = u[j];
    lanes pj = p[j];
    lanes vj, wj;
    if (pending) vj = v[j], wj = w[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
      lanes a = row[t][j];
      if (pending) {
        a = drained(own_v[t], wj, a);
        a = drained(own_w[t], vj, a);
        row[t][j] = a;
      }
      sum[t] = fused(a, uj, sum[t]);
      pj = fused(a, own_u[t], pj);
    }
    p[j] = pj;
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) {
#pragma GCC unroll 8
    for (int s = 0; s <= t; ++s) {
      lanes a = row[t][r + s];
      if (pending) {
        a = drained(own_v[t], own_w[s], a);
        a = drained(own_w[t], own_v[s], a);
        row[t][r + s] = a;
      }
      sum[t] = fused(a, own_u[s], sum[t]);
      if (s < t) sum[s] = fused(a, own_u[t], sum[s]);
    }
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) p[r + t] = sum[t];
}

template <typename T, bool pending>
inline void update_block(int size, typename Lane<T>::stored* tri, const typename Lane<T>::stored* v, const typename Lane<T>::stored* w,
                         const typename Lane<T>::stored* u, typename Lane<T>::stored* p) {
  int r = 0;
  for (; r + row_tile <= size; r += row_tile) update_rows<T, row_tile, pending>(r, tri, v, w, u, p);
  for (; r < size; ++r) update_rows<T, 1, pending>(r, tri, v, w, u, p);
}

// Turn x[0 .. m] into u with u[m] = 1; return the entry it is reflected to and write tau. A tail below `tiny` is left unreflected.
template <typename T>
inline typename Lane<T>::lanes reflector(int m, typename Lane<T>::stored* x, typename Lane<T>::stored& tau) {
  using lanes = typename Lane<T>::lanes;
  lanes tail = all<T>(0), other = all<T>(0);
  int j = 0;
  for (; j + 1 < m; j += 2) {
    tail = fused(lanes(x[j]), lanes(x[j]), tail);
    other = fused(lanes(x[j + 1]), lanes(x[j + 1]), other);
  }
  if (j < m) tail = fused(lanes(x[j]), lanes(x[j]), tail);
  tail += other;
  const lanes alpha = x[m], zero = all<T>(0);
  const Mask<T> live = above(tail, all<T>(Limits<T>::tiny));
  const lanes norm = root(fused(alpha, alpha, tail)), beta = select(above(zero, alpha), norm, -norm);
  const lanes safe = select(live, beta, all<T>(1));
  tau = select(live, (beta - alpha) / safe, zero);
  const lanes factor = select(live, all<T>(1) / select(live, alpha - beta, all<T>(1)), zero);
  for (j = 0; j < m; ++j) x[j] *= factor;
  x[m] = all<T>(1);
  return select(live, beta, alpha);
}

// Reduce; d and tau have n registers, e has n, and `space` 2 n.
template <typename T>
inline void tridiagonalise(int n, typename Lane<T>::stored* tri, typename Lane<T>::stored* d, typename Lane<T>::stored* e,
                           typename Lane<T>::stored* tau, typename Lane<T>::stored* space) {
  using lanes = typename Lane<T>::lanes;
  using stored = typename Lane<T>::stored;
  stored *w = space, *p = space + n;
  const stored* v = nullptr;
  for (int i = n - 1; i > 0; --i) {
    stored* row = tri + row_at(i);
    if (v) {
      const lanes vi = v[i], wi = w[i];
      for (int j = 0; j <= i; ++j) row[j] = drained(wi, lanes(v[j]), drained(vi, lanes(w[j]), lanes(row[j])));
    }
    d[i] = row[i];
    e[i - 1] = reflector<T>(i - 1, row, tau[i]);
    if (v)
      update_block<T, true>(i, tri, v, w, row, p);
    else
      update_block<T, false>(i, tri, v, w, row, p);
    const lanes t = tau[i];
    lanes inner = all<T>(0);
    for (int j = 0; j < i; ++j) inner = fused(lanes(p[j]), lanes(row[j]), inner);
    const lanes half = inner * t * t * all<T>(T(0.5));
    for (int j = 0; j < i; ++j) p[j] = drained(half, lanes(row[j]), t * p[j]);
    v = row;
    stored* old = w;
    w = p, p = old;
  }
  d[0] = tri[0];
  e[n - 1] = all<T>(0);
}

// R rows of the product, each times H = I - tau u u^T; entry `last` of the rows is zero before.
template <typename T, int R>
inline void reflect_rows(int last, std::int64_t stride, typename Lane<T>::stored* z, const typename Lane<T>::stored* u,
                         typename Lane<T>::lanes tau) {
  using lanes = typename Lane<T>::lanes;
  lanes inner[R];
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) inner[t] = all<T>(0);
  for (int j = 0; j < last; ++j) {
    const lanes uj = u[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) inner[t] = fused(lanes(z[t * stride + j]), uj, inner[t]);
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) {
    inner[t] *= tau;
    z[t * stride + last] = -inner[t];
  }
  for (int j = 0; j < last; ++j) {
    const lanes uj = u[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) z[t * stride + j] = drained(inner[t], uj, lanes(z[t * stride + j]));
  }
}

// R rows from k on: what is left of the unit matrix, times the reflectors one after another, while the rows lie near.
template <typename T, int R>
inline void form_tile(int k, int n, const typename Lane<T>::stored* tri, const typename Lane<T>::stored* tau, typename Lane<T>::stored* z) {
  using lanes = typename Lane<T>::lanes;
  const std::int64_t stride = row_stride(n);
  for (int t = 0; t < R; ++t) {
    typename Lane<T>::stored* row = z + (k + t) * stride;
    const int i = k + t + 1;  // the first reflector that meets this row; only its last entry, one, is met
    const typename Lane<T>::stored* u = tri + row_at(i);
    const lanes first = i < n ? lanes(tau[i]) : all<T>(0);
    for (int j = 0; j < i - 1; ++j) row[j] = i < n ? -first * u[j] : all<T>(0);
    row[i - 1] = all<T>(1) - first;
    for (int next = i + 1; next < k + R + 1 && next < n; ++next)
      reflect_rows<T, 1>(next - 1, stride, row, tri + row_at(next), tau[next]);
  }
  for (int i = k + R + 1; i < n; ++i) reflect_rows<T, R>(i - 1, stride, z + k * stride, tri + row_at(i), tau[i]);
  for (int t = 0; t < R; ++t)
    if (k + t < n - 1) z[(k + t) * stride + n - 1] = all<T>(0);
}

// Write Q^T by rows, row_stride(n) apart.
template <typename T>
inline void form_rows(int n, const typename Lane<T>::stored* tri, const typename Lane<T>::stored* tau, typename Lane<T>::stored* z) {
  constexpr int tile = 4;
  int k = 0;
  for (; k + tile <= n; k += tile) form_tile<T, tile>(k, n, tri, tau, z);
  for (; k < n; ++k) form_tile<T, 1>(k, n, tri, tau, z);
}

}  // namespace erlangen::ERLANGEN_LEVEL
