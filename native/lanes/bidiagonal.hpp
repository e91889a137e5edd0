// Singular values of square matrices in lanes.
// Definition: Householder reduction U^T G V = B (lower bidiagonal; Golub & Kahan 1965), whose singular values come by quotients and differences: their
// error is that of G, not that of G^T G.
// Convention: rows of G are row_stride(n) apart; the block that is left is the leading one; updates wait for the next pass through it.
#pragma once

#include "lanes/quotient_difference.hpp"
#include "lanes/tridiagonal.hpp"

namespace erlangen::ERLANGEN_LEVEL {

template <typename T>
struct BidiagonalSpace {
  typename Lane<T>::stored *u, *next_u, *w, *next_w, *x, *v, *d, *e, *quotients;
  static std::int64_t registers(std::int64_t n) { return 14 * n; }
  BidiagonalSpace(Space& space, std::int64_t n)
      : u(space.take<T>(n)), next_u(space.take<T>(n)), w(space.take<T>(n)), next_w(space.take<T>(n)), x(space.take<T>(n)),
        v(space.take<T>(n)), d(space.take<T>(n)), e(space.take<T>(n)), quotients(space.take<T>(6 * n)) {}
};

// Rows i .. i + R - 1, columns below k: apply the pending G - u w^T - x v^T and gather next_w = G^T next_u.
template <typename T, int R>
inline void update_left(int i, int k, std::int64_t stride, typename Lane<T>::stored* g, const BidiagonalSpace<T>& s) {
  using lanes = typename Lane<T>::lanes;
  lanes u[R], x[R], next[R];
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) u[t] = s.u[i + t], x[t] = s.x[i + t], next[t] = s.next_u[i + t];
  for (int j = 0; j < k; ++j) {
    const lanes w = s.w[j], v = s.v[j];
    lanes sum = s.next_w[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
      const lanes a = drained(x[t], v, drained(u[t], w, lanes(g[t * stride + j])));
      g[t * stride + j] = a;
      sum = fused(next[t], a, sum);
    }
    s.next_w[j] = sum;
  }
}

// x = G v over the leading k x k block.
template <typename T, int R>
inline void multiply_right(int i, int k, std::int64_t stride, const typename Lane<T>::stored* g, const BidiagonalSpace<T>& s) {
  using lanes = typename Lane<T>::lanes;
  lanes sum[R] = {};
  for (int j = 0; j < k; ++j) {
    const lanes v = s.v[j];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) sum[t] = fused(lanes(g[t * stride + j]), v, sum[t]);
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) s.x[i + t] = sum[t];
}

// Reduce g: diagonal in s.d, the entries below it in s.e.
template <typename T>
inline void bidiagonalise(int n, typename Lane<T>::stored* g, BidiagonalSpace<T>& s) {
  using lanes = typename Lane<T>::lanes;
  using stored = typename Lane<T>::stored;
  const std::int64_t stride = row_stride(n);
  for (int j = 0; j < n; ++j) s.u[j] = s.w[j] = s.x[j] = s.v[j] = all<T>(0);
  for (int k = n - 1; k >= 0; --k) {
    stored tau;
    const lanes wk = s.w[k], vk = s.v[k];
    for (int i = 0; i <= k; ++i) s.next_u[i] = drained(lanes(s.x[i]), vk, drained(lanes(s.u[i]), wk, lanes(g[i * stride + k])));
    s.d[k] = reflector<T>(k, s.next_u, tau);
    if (k == 0) break;
    for (int j = 0; j < k; ++j) s.next_w[j] = all<T>(0);
    int i = 0;
    for (; i + 4 <= k + 1; i += 4) update_left<T, 4>(i, k, stride, g + i * stride, s);
    for (; i <= k; ++i) update_left<T, 1>(i, k, stride, g + i * stride, s);
    for (int j = 0; j < k; ++j) {
      s.next_w[j] *= tau;
      s.v[j] = g[k * stride + j] - s.next_w[j];
    }
    s.e[k - 1] = reflector<T>(k - 1, s.v, tau);
    lanes inner = all<T>(0);
    for (int j = 0; j < k; ++j) inner = fused(lanes(s.next_w[j]), lanes(s.v[j]), inner);
    for (i = 0; i + 4 <= k; i += 4) multiply_right<T, 4>(i, k, stride, g + i * stride, s);
    for (; i < k; ++i) multiply_right<T, 1>(i, k, stride, g + i * stride, s);
    for (i = 0; i < k; ++i) s.x[i] = tau * drained(lanes(s.next_u[i]), inner, lanes(s.x[i]));
    stored* old = s.u;
    s.u = s.next_u, s.next_u = old;
    old = s.w;
    s.w = s.next_w, s.next_w = old;
  }
}

// The sums of the singular values of G blocks g, which are destroyed.
template <typename T, int G>
inline void nuclear_norms(int n, typename Lane<T>::stored* const* g, BidiagonalSpace<T>* const* space, bool* const* failed,
                          typename Lane<T>::lanes* sum) {
  typename Lane<T>::stored *d[G], *e[G], *work[G];
  for (int h = 0; h < G; ++h) {
    bidiagonalise<T>(n, g[h], *space[h]);
    d[h] = space[h]->d, e[h] = space[h]->e, work[h] = space[h]->quotients;
  }
  sums_by_quotients<T, G>(n, d, e, work, failed, sum);
}

}  // namespace erlangen::ERLANGEN_LEVEL
