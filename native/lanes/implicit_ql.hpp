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

// One sweep for values alone; e holds squares.
template <typename T>
inline void sweep_squares(int n, const Blocks<T>& blocks, typename Lane<T>::stored* d, typename Lane<T>::stored* e) {
  using lanes = typename Lane<T>::lanes;
  const lanes zero = all<T>(0), one = all<T>(1);
  const Corner<T> at = corner<T>(n, blocks, d, e);
  const lanes beside = root(at.beside), slope = (at.second - at.first) / (beside + beside), length = root(fused(slope, slope, one));
  const lanes shift = at.first - beside / (slope + select(above(zero, slope), -length, length));
  lanes c = one, s = zero, gamma = at.end - shift, p = gamma * gamma;
  for (int i = blocks.high - 1; i >= blocks.low; --i) {
    const lanes index = all<T>(static_cast<T>(i)), square = e[i], alpha = d[i];
    const Mask<T> part = above(blocks.last, index) & ~above(blocks.first, index);
    const lanes r = p + select(part, square, one), inverse = one / r;
    e[i + 1] = select(part, s * r, lanes(e[i + 1]));
    const lanes next_c = p * inverse, next_s = square * inverse;
    const lanes next = fused(next_c, alpha - shift, -(next_s * gamma));
    const Mask<T> turned = above(p, all<T>(Limits<T>::tiny));
    const Mask<T> both = turned & part;
    const lanes other = select(part, c * square, p), factor = r / select(turned, p, one);
    d[i + 1] = select(part, gamma + (alpha - next), lanes(d[i + 1]));
    c = select(part, next_c, c);
    s = select(part, next_s, s);
    gamma = select(part, next, gamma);
    p = select(both, next * next * factor, other);
  }
  for (int k = 0; k < Lane<T>::wide; ++k) {
    const int l = static_cast<int>(blocks.first[k]);
    if (l >= n) continue;
    e[l][k] = s[k] * p[k];
    d[l][k] = shift[k] + gamma[k];
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

// Eigenvalues of the tridiagonal (d, e) in place of d, unordered; false in lanes that did not converge is told by `failed`.
template <typename T>
inline void values_by_squares(int n, typename Lane<T>::stored* d, typename Lane<T>::stored* e, bool* failed) {
  for (int i = 0; i < n - 1; ++i) e[i] *= e[i];
  Blocks<T> blocks{};
  for (int sweep = 0; locate<T, true>(n, d, e, blocks); ++sweep) {
    if (sweep == sweeps_per_value * n) {
      for (int k = 0; k < Lane<T>::wide; ++k) failed[k] = failed[k] || blocks.first[k] < static_cast<T>(n);
      return;
    }
    sweep_squares<T>(n, blocks, d, e);
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
