// Products of factors in lanes, and the gap between two factors that an orthogonal matrix leaves.
// Definition: E^T F; O = J^T W from rows of J (E^T F) made orthogonal by rotations (one-sided Jacobi: Hestenes 1958) and normalised to W; ||F - r E O||^2.
// Convention: rows are row_stride(n) apart; O is brought back to an orthogonal matrix by one step of Newton and Schulz, since the gap sees its error.
#pragma once

#include "lanes/tridiagonal.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int rows_of_tile = row_tile, columns_of_tile = 4, most_rounds = 40;

using FactorLanes = Lane<double>::lanes;
using FactorStored = Lane<double>::stored;

// A common factor's entry in every lane, or that of each lane's own factor.
struct Common {
  const double* at;
  std::int64_t stride;
  FactorLanes operator()(int k, int i) const { return all<double>(at[k * stride + i]); }
};
struct Own {
  const FactorStored* at;
  std::int64_t stride;
  FactorLanes operator()(int k, int i) const { return at[k * stride + i]; }
};

// A tile of E^T F: rows k from `from` on.
template <int R, int C, typename Left>
inline void product_tile(int i, int j, int from, int n, const Left& left, const FactorStored* f, FactorStored* g) {
  const std::int64_t stride = row_stride(n);
  FactorLanes sum[R][C] = {};
  for (int k = from; k < n; ++k) {
    FactorLanes b[C];
#pragma GCC unroll 8
    for (int s = 0; s < C; ++s) b[s] = f[k * stride + j + s];
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
      const FactorLanes a = left(k, i + t);
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
inline void product_rows(int i, bool lower_left, bool lower_right, int n, const Left& left, const FactorStored* f, FactorStored* g) {
  const auto from = [&](int j) {
    const int a = lower_left ? i : 0, b = lower_right ? j : 0;
    return a > b ? a : b;
  };
  int j = 0;
  for (; j + columns_of_tile <= n; j += columns_of_tile) product_tile<R, columns_of_tile>(i, j, from(j), n, left, f, g);
  for (; j < n; ++j) product_tile<R, 1>(i, j, from(j), n, left, f, g);
}

template <typename Left>
inline void product(bool lower_left, bool lower_right, int n, const Left& left, const FactorStored* f, FactorStored* g) {
  int i = 0;
  for (; i + rows_of_tile <= n; i += rows_of_tile) product_rows<rows_of_tile>(i, lower_left, lower_right, n, left, f, g);
  for (; i < n; ++i) product_rows<1>(i, lower_left, lower_right, n, left, f, g);
}

// The transpose of each lane's own factor.
struct Turned {
  const FactorStored* at;
  std::int64_t stride;
  FactorLanes operator()(int k, int i) const { return at[i * stride + k]; }
};

// Rotate rows p and q of g, and those of j, so that the rows of g are orthogonal; say in which lanes they were not.
inline Mask<double> rotate_rows(int n, FactorStored* gp, FactorStored* gq, FactorStored* jp, FactorStored* jq) {
  const FactorLanes zero = all<double>(0), one = all<double>(1);
  FactorLanes a = zero, b = zero, c = zero;
  for (int k = 0; k < n; ++k) {
    const FactorLanes x = gp[k], y = gq[k];
    a = fused(x, x, a), b = fused(y, y, b), c = fused(x, y, c);
  }
  const Mask<double> skew = above(magnitude(c), all<double>(n * Limits<double>::eps) * root(a) * root(b));
  if (!any(skew)) return skew;
  const FactorLanes slope = (b - a) / select(skew, c + c, one), length = root(fused(slope, slope, one));
  const FactorLanes tangent = select(skew, one / (slope + select(above(zero, slope), -length, length)), zero);
  const FactorLanes cosine = one / root(fused(tangent, tangent, one)), sine = cosine * tangent;
  for (int k = 0; k < n; ++k) {
    const FactorLanes x = gp[k], y = gq[k], u = jp[k], v = jq[k];
    gp[k] = drained(sine, y, cosine * x), gq[k] = fused(sine, x, cosine * y);
    jp[k] = drained(sine, v, cosine * u), jq[k] = fused(sine, u, cosine * v);
  }
  return skew;
}

// ||F - r E O||^2 from g = E^T F, which is destroyed; j and o are blocks of memory. Lanes where g has no polar factor, or rotations did not end, fail.
inline FactorLanes procrustes_gap(int n, const FactorStored* f, const FactorStored* e, FactorLanes r, FactorStored* g, FactorStored* j,
                                  FactorStored* o, Mask<double>& failed) {
  const std::int64_t stride = row_stride(n);
  const FactorLanes zero = all<double>(0), one = all<double>(1), half = all<double>(0.5);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) j[i * stride + k] = i == k ? one : zero;
  Mask<double> skew = above(one, zero);
  for (int round = 0; round < most_rounds && any(skew); ++round) {
    skew = above(zero, one);
    for (int p = 0; p < n; ++p)
      for (int q = p + 1; q < n; ++q) skew = skew | rotate_rows(n, g + p * stride, g + q * stride, j + p * stride, j + q * stride);
  }
  failed = skew;
  for (int p = 0; p < n; ++p) {
    FactorLanes square = zero;
    for (int k = 0; k < n; ++k) square = fused(FactorLanes(g[p * stride + k]), FactorLanes(g[p * stride + k]), square);
    const Mask<double> some = above(square, all<double>(Limits<double>::tiny));
    failed = failed | ~some;
    const FactorLanes inverse = one / root(select(some, square, one));
    for (int k = 0; k < n; ++k) g[p * stride + k] *= inverse;
  }
  product(false, false, n, Own{j, stride}, g, o);
  product(false, false, n, Own{o, stride}, o, j);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) j[i * stride + k] = half * ((i == k ? one + one + one : zero) - j[i * stride + k]);
  product(false, false, n, Turned{o, stride}, j, g);
  product(false, false, n, Turned{e, stride}, g, o);
  FactorLanes sum = zero;
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) {
      const FactorLanes gap = drained(r, FactorLanes(o[i * stride + k]), FactorLanes(f[i * stride + k]));
      sum = fused(gap, gap, sum);
    }
  return sum;
}

}  // namespace erlangen::ERLANGEN_LEVEL
