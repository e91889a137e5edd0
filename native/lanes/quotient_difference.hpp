// Singular values of bidiagonal matrices in lanes by quotients and differences with shifts (dqds).
// Definition: q, e the squares of the diagonal and of the entries beside it; a sweep takes B B^T - s to B' B'^T (Fernando & Parlett 1994); s is
// Laguerre's bound m / (t1 + ((m - 1) (m t2 - t1^2))^{1/2}) from the traces t1, t2 of (B B^T)^{-1} and its square, never above the least value.
// A sum of square roots is stationary where the last entry e beside the diagonal vanishes: without it, it changes by less than e / sigma, sigma the
// value cut off; so e may be as large as rounding of the sum allows.
// Convention: each lane has its block first .. last, the lowest that is not yet cut; a sweep that fails is undone in its lane and repeated without shift.
#pragma once

#include "lanes/implicit_ql.hpp"

namespace erlangen::ERLANGEN_LEVEL {

// One bidiagonal matrix in each lane: q, e, the shifts taken out at each place, and the same after a sweep; n registers each.
template <typename T>
struct Quotients {
  using lanes = typename Lane<T>::lanes;
  typename Lane<T>::stored *q, *e, *out, *next_q, *next_e, *next_out;
  lanes first, last, shift, floor, slack;  // e^2 <= slack value: see above
  Mask<T> open;
  int high;

  void swap() {
    typename Lane<T>::stored* old = q;
    q = next_q, next_q = old;
    old = e;
    e = next_e, next_e = old;
    old = out;
    out = next_out, next_out = old;
  }
};

template <typename T>
inline Mask<T> no_lane() { return above(all<T>(0), all<T>(1)); }

// Cut where an entry beside the diagonal is rounding and find each lane's lowest block; say whether there is any.
template <typename T>
inline bool lowest_block(Quotients<T>& s) {
  using lanes = typename Lane<T>::lanes;
  constexpr T eps = Limits<T>::eps;
  const lanes zero = all<T>(0);
  Mask<T> open = no_lane<T>(), closed = open;
  lanes first = zero, last = zero;
  int high = 0;
  for (int i = s.high - 1; i >= 0; --i) {
    const lanes e = s.e[i], value = s.q[i + 1] + s.out[i + 1], bound = fused(value, all<T>(eps * eps), s.floor);
    const Mask<T> big = above(e, bound) & (open | above(e * e, s.slack * value)), begins = big & ~open, ends = open & ~big & ~closed;
    const lanes after = all<T>(static_cast<T>(i + 1));
    s.e[i] = select(big, e, zero);
    last = select(begins, after, last);
    first = select(ends, after, first);
    open = open | big;
    closed = closed | ends;
    if (high == 0 && any(open)) high = i + 1;
  }
  for (int i = high; i <= s.high; ++i) s.next_q[i] = s.q[i], s.next_e[i] = s.e[i], s.next_out[i] = s.out[i];
  s.open = open, s.first = first, s.last = last, s.high = high;
  return high > 0;
}

// Laguerre's bound, a little below what it is: m values, the traces of the inverse and of its square.
template <typename T>
inline typename Lane<T>::lanes laguerre(typename Lane<T>::lanes m, typename Lane<T>::lanes t1, typename Lane<T>::lanes t2) {
  using lanes = typename Lane<T>::lanes;
  constexpr T eps = Limits<T>::eps;
  const lanes zero = all<T>(0), one = all<T>(1), spread = fused(m * t2, one + m * all<T>(16 * eps), -(t1 * t1));
  const lanes wide = root((m - one) * select(above(spread, zero), spread, zero));
  const lanes bound = m * (one - m * all<T>(16 * eps)) / (t1 + wide);
  return select(above(all<T>(Limits<T>::infinity), t2) & above(bound, zero), bound, zero);
}

// One sweep of G registers of matrices, which hide each other's divisions.
template <typename T, int G>
inline void quotient_sweep(Quotients<T>* s) {
  using lanes = typename Lane<T>::lanes;
  const lanes zero = all<T>(0), one = all<T>(1), tiny = all<T>(Limits<T>::tiny);
  lanes d[G], least[G], u[G], v[G], t1[G], t2[G], before[G];
  Mask<T> running[G], entered[G];
  int high = 0;
#pragma GCC unroll 2
  for (int g = 0; g < G; ++g) {
    d[g] = least[g] = u[g] = v[g] = t1[g] = t2[g] = before[g] = zero;
    running[g] = entered[g] = no_lane<T>();
    high = s[g].high > high ? s[g].high : high;
  }
  for (int i = 0; i <= high; ++i) {
    const lanes index = all<T>(static_cast<T>(i));
#pragma GCC unroll 2
    for (int g = 0; g < G; ++g) {
      const Mask<T> inside = ~above(s[g].first, index) & s[g].open, part = inside & above(s[g].last, index);
      const Mask<T> begins = inside & ~entered[g], ends = running[g] & ~part, either = part | ends;
      const lanes q = s[g].q[i], e = s[g].e[i], out = s[g].out[i];
      const lanes here = select(begins, q - s[g].shift, d[g]), sum = here + e;
      least[g] = select(begins | (either & above(least[g], here)), here, least[g]);
      const lanes inverse = one / select(above(sum, tiny), sum, tiny);
      const lanes ratio = (i < high ? lanes(s[g].q[i + 1]) : zero) * inverse, next_e = e * ratio;
      s[g].next_q[i] = select(part, sum, select(ends, here, q));
      s[g].next_e[i] = select(part, next_e, e);
      s[g].next_out[i] = select(either, out + s[g].shift, out);
      const lanes coupling = before[g] * inverse;
      v[g] = select(part, fused(u[g], u[g], v[g]) * coupling, v[g]);
      u[g] = select(part, fused(u[g], coupling, inverse), u[g]);
      t1[g] = select(part, t1[g] + u[g], t1[g]);
      t2[g] = select(part, fused(u[g], u[g], v[g] + v[g]) + t2[g], t2[g]);
      before[g] = select(part, next_e, before[g]);
      d[g] = select(part, fused(here, ratio, -s[g].shift), here);
      entered[g] = inside, running[g] = part;
    }
  }
  for (int g = 0; g < G; ++g) {
    Quotients<T>& a = s[g];
    const Mask<T> failed = a.open & above(zero, least[g]);
    a.swap();
    if (any(failed))
      for (int i = 0; i <= high; ++i) {
        a.q[i] = select(failed, lanes(a.next_q[i]), lanes(a.q[i]));
        a.e[i] = select(failed, lanes(a.next_e[i]), lanes(a.e[i]));
        a.out[i] = select(failed, lanes(a.next_out[i]), lanes(a.out[i]));
      }
    const lanes first = a.first, last = a.last, m = last - first;
    const lanes inverse = one / select(above(d[g], tiny), d[g], tiny), coupling = before[g] * inverse;
    const lanes end_v = fused(u[g], u[g], v[g]) * coupling, end_u = fused(u[g], coupling, inverse);
    const lanes whole = laguerre<T>(m + one, t1[g] + end_u, t2[g] + fused(end_u, end_u, end_v + end_v));
    const lanes without = laguerre<T>(m, t1[g], t2[g]);
    if (!lowest_block<T>(a)) continue;
    const Mask<T> same = ~above(last, a.last), kept = same | ~above(first, a.last);
    a.shift = select(kept & ~failed, select(same, whole, without), zero);
  }
}

// The sums of the singular values of G matrices of order n, diagonals d and entries e beside them; `work` has 6 n registers for each.
template <typename T, int G>
inline void sums_by_quotients(int n, typename Lane<T>::stored* const* d, typename Lane<T>::stored* const* e,
                              typename Lane<T>::stored* const* work, bool* const* failed, typename Lane<T>::lanes* sum) {
  using lanes = typename Lane<T>::lanes;
  constexpr T eps = Limits<T>::eps;
  const lanes zero = all<T>(0);
  Quotients<T> s[G];
  bool left = false;
  for (int g = 0; g < G; ++g) {
    typename Lane<T>::stored* w = work[g];
    s[g] = {w, w + n, w + 2 * n, w + 3 * n, w + 4 * n, w + 5 * n, zero, zero, zero, zero, zero, no_lane<T>(), n - 1};
    const Mask<T> turn = above(magnitude(lanes(d[g][n - 1])), magnitude(lanes(d[g][0])));  // the small end goes below
    lanes size = zero;
    for (int i = 0; i < n; ++i) {
      const lanes a = select(turn, lanes(d[g][n - 1 - i]), lanes(d[g][i]));
      const lanes b = i + 1 < n ? select(turn, lanes(e[g][n - 2 - i]), lanes(e[g][i])) : zero;
      s[g].q[i] = a * a, s[g].e[i] = b * b, s[g].out[i] = zero;
      s[g].next_q[i] = s[g].next_e[i] = s[g].next_out[i] = zero;
      size += a * a + b * b;
    }
    s[g].floor = fused(size, all<T>(eps * eps / 64), all<T>(Limits<T>::tiny));
    s[g].slack = size * all<T>(eps * eps / 1024);
    left |= lowest_block<T>(s[g]);
  }
  for (int sweep = 0; left; ++sweep) {
    if (sweep == sweeps_per_value * n) {
      for (int g = 0; g < G; ++g)
        for (int k = 0; k < Lane<T>::wide; ++k) failed[g][k] = failed[g][k] || select(s[g].open, all<T>(1), zero)[k] != 0;
      break;
    }
    quotient_sweep<T, G>(s);
    left = false;
    for (int g = 0; g < G; ++g) left |= any(s[g].open);
  }
  for (int g = 0; g < G; ++g) {
    sum[g] = zero;
    for (int i = 0; i < n; ++i) {
      const lanes x = s[g].q[i] + s[g].out[i];
      sum[g] += root(select(above(x, zero), x, zero));
    }
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
