// The implicit QL iteration on tridiagonal matrices in lanes.
// Definition: Wilkinson's shift (Bowdler, Martin, Reinsch, Wilkinson 1968); values alone by squares, without roots (Pal, Walker, Kahan; LAPACK's sterf).
// Convention: each lane has its own block first .. last; a sweep runs over the union, and turns by nothing in lanes that have no part in it.
#pragma once

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int sweeps_per_value = 30;

template <typename T>
struct Blocks {
  typename Lane<T>::lanes first, last;
  int low, high;  // the union
};

// Cut where an entry beside the diagonal is rounding, and find each lane's first block from `blocks.low` on; return whether there is any.
template <typename T, bool squared>
inline bool locate(int n, const typename Lane<T>::stored* d, typename Lane<T>::stored* e, Blocks<T>& blocks) {
  using lanes = typename Lane<T>::lanes;
  constexpr T eps = Limits<T>::eps, floor = eps * eps;
  const lanes zero = all<T>(0), one = all<T>(1);
  lanes first = all<T>(static_cast<T>(n)), last = zero;
  Mask<T> open = above(zero, one), closed = open;  // no lane yet
  lanes here = magnitude(lanes(d[blocks.low]));
  for (int i = blocks.low; i < n - 1; ++i) {
    const lanes next = magnitude(lanes(d[i + 1])), bound = fused(here + next, all<T>(eps), all<T>(floor)), index = all<T>(static_cast<T>(i));
    here = next;
    const Mask<T> big = above(magnitude(lanes(e[i])), squared ? bound * bound : bound), begins = big & ~open, ends = open & ~big & ~closed;
    e[i] = select(big, lanes(e[i]), zero);
    first = select(begins, index, first);
    last = select(ends, index, last);
    open = open | big;
    closed = closed | ends;
  }
  const Mask<T> whole = open & ~closed;
  last = select(whole, all<T>(static_cast<T>(n - 1)), last);
  blocks.first = first, blocks.last = last;
  int low = n, high = 0;
  for (int k = 0; k < Lane<T>::wide; ++k) {
    if (static_cast<int>(first[k]) < low) low = static_cast<int>(first[k]);
    if (static_cast<int>(last[k]) > high) high = static_cast<int>(last[k]);
  }
  blocks.low = low < n ? low : n - 1, blocks.high = high;
  return low < n;
}

// The entries a shift is made of, gathered from each lane's block; idle lanes get 0, 1, 0, 0.
template <typename T>
struct Corner {
  typename Lane<T>::lanes first, beside, second, end;
};

template <typename T>
inline Corner<T> corner(int n, const Blocks<T>& blocks, const typename Lane<T>::stored* d, const typename Lane<T>::stored* e) {
  Corner<T> c{all<T>(0), all<T>(1), all<T>(0), all<T>(0)};
  for (int k = 0; k < Lane<T>::wide; ++k) {
    const int l = static_cast<int>(blocks.first[k]), m = static_cast<int>(blocks.last[k]);
    if (l >= n) continue;
    c.first[k] = d[l][k], c.beside[k] = e[l][k], c.second[k] = d[l + 1][k], c.end[k] = d[m][k];
  }
  return c;
}

// One sweep for values alone of G registers of matrices, which hide each other's divisions; e holds squares.
template <typename T, int G>
inline void sweep_squares(int n, const Blocks<T>* blocks, typename Lane<T>::stored* const* d, typename Lane<T>::stored* const* e) {
  using lanes = typename Lane<T>::lanes;
  const lanes zero = all<T>(0), one = all<T>(1);
  lanes c[G], s[G], shift[G], gamma[G], p[G];
  int low = n, high = 0;
#pragma GCC unroll 2
  for (int g = 0; g < G; ++g) {
    const Corner<T> at = corner<T>(n, blocks[g], d[g], e[g]);
    const lanes beside = root(at.beside), slope = (at.second - at.first) / (beside + beside), length = root(fused(slope, slope, one));
    shift[g] = at.first - beside / (slope + select(above(zero, slope), -length, length));
    c[g] = one, s[g] = zero, gamma[g] = at.end - shift[g], p[g] = gamma[g] * gamma[g];
    low = blocks[g].low < low ? blocks[g].low : low;
    high = blocks[g].high > high ? blocks[g].high : high;
  }
  for (int i = high - 1; i >= low; --i) {
    const lanes index = all<T>(static_cast<T>(i));
#pragma GCC unroll 2
    for (int g = 0; g < G; ++g) {
      const lanes square = e[g][i], alpha = d[g][i];
      const Mask<T> part = above(blocks[g].last, index) & ~above(blocks[g].first, index);
      const lanes r = p[g] + select(part, square, one), inverse = one / r;
      e[g][i + 1] = select(part, s[g] * r, lanes(e[g][i + 1]));
      const lanes next_c = p[g] * inverse, next_s = square * inverse;
      const lanes next = fused(next_c, alpha - shift[g], -(next_s * gamma[g]));
      const Mask<T> turned = above(p[g], all<T>(Limits<T>::tiny)), both = turned & part;
      const lanes other = select(part, c[g] * square, p[g]), factor = r / select(turned, p[g], one);
      d[g][i + 1] = select(part, gamma[g] + (alpha - next), lanes(d[g][i + 1]));
      c[g] = select(part, next_c, c[g]);
      s[g] = select(part, next_s, s[g]);
      gamma[g] = select(part, next, gamma[g]);
      p[g] = select(both, next * next * factor, other);
    }
  }
  for (int g = 0; g < G; ++g)
    for (int k = 0; k < Lane<T>::wide; ++k) {
      const int l = static_cast<int>(blocks[g].first[k]);
      if (l >= n) continue;
      e[g][l][k] = s[g][k] * p[g][k];
      d[g][l][k] = shift[g][k] + gamma[g][k];
    }
}

// One sweep that writes its plane rotations: cosine of (i, i + 1) at turn[2 i], sine at turn[2 i + 1], for low <= i < high.
template <typename T>
inline void sweep_rotations(int n, const Blocks<T>& blocks, typename Lane<T>::stored* d, typename Lane<T>::stored* e,
                            typename Lane<T>::stored* turn) {
  using lanes = typename Lane<T>::lanes;
  const lanes zero = all<T>(0), one = all<T>(1);
  const Corner<T> at = corner<T>(n, blocks, d, e);
  const lanes slope = (at.second - at.first) / (at.beside + at.beside), length = root(fused(slope, slope, one));
  lanes g = at.end - at.first + at.beside / (slope + select(above(zero, slope), -length, length));
  lanes c = one, s = one, p = zero, last = blocks.last;  // a lane whose rotation vanishes is taken out by last = 0
  for (int i = blocks.high - 1; i >= blocks.low; --i) {
    const lanes index = all<T>(static_cast<T>(i)), beside = e[i];
    const Mask<T> part = above(last, index) & ~above(blocks.first, index);
    const lanes f = s * beside, b = c * beside, square = fused(f, f, g * g);
    const Mask<T> turned = above(square, all<T>(Limits<T>::tiny)) & part;
    const lanes safe = select(turned, square, one), r = root(safe), inverse = one / r;
    const lanes next_s = select(turned, f * inverse, zero), next_c = select(turned, g * inverse, one);
    turn[2 * i] = next_c, turn[2 * i + 1] = next_s;
    e[i + 1] = select(part, select(turned, r, zero), lanes(e[i + 1]));
    const lanes low = lanes(d[i + 1]) - p, step = fused(d[i] - low, next_s, (c = select(turned, next_c, c), (next_c + next_c) * b));
    const lanes next_p = next_s * step;
    d[i + 1] = select(part, select(turned, low + next_p, low), lanes(d[i + 1]));
    g = select(turned, fused(next_c, step, -b), g);
    p = select(turned, next_p, p);
    s = select(turned, next_s, s);
    const Mask<T> vanished = part & ~turned;
    if (any(vanished)) {
      for (int k = 0; k < Lane<T>::wide; ++k)
        if (select(vanished, one, zero)[k] != 0) e[static_cast<int>(last[k])][k] = 0;
      last = select(vanished, zero, last);
    }
  }
  for (int k = 0; k < Lane<T>::wide; ++k) {
    const int l = static_cast<int>(blocks.first[k]), m = static_cast<int>(last[k]);
    if (l >= n || m == 0) continue;
    d[l][k] -= p[k];
    e[l][k] = g[k];
    e[m][k] = 0;
  }
}

// Eigenvalues of the tridiagonals (d, e) in place of d, unordered; lanes that did not converge are told by `failed`.
template <typename T, int G>
inline void values_by_squares(int n, typename Lane<T>::stored* const* d, typename Lane<T>::stored* const* e, bool* const* failed) {
  for (int g = 0; g < G; ++g)
    for (int i = 0; i < n - 1; ++i) e[g][i] *= e[g][i];
  Blocks<T> blocks[G] = {};
  for (int sweep = 0;; ++sweep) {
    bool any_left = false;
    for (int g = 0; g < G; ++g) any_left |= locate<T, true>(n, d[g], e[g], blocks[g]);
    if (!any_left) return;
    if (sweep == sweeps_per_value * n) {
      for (int g = 0; g < G; ++g)
        for (int k = 0; k < Lane<T>::wide; ++k) failed[g][k] = failed[g][k] || blocks[g].first[k] < static_cast<T>(n);
      return;
    }
    sweep_squares<T, G>(n, blocks, d, e);
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
