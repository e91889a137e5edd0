// Singular values of bidiagonal matrices in lanes by quotients and differences with shifts (dqds).
// Definition: q, e the squares of the diagonal and of the entries beside it; a sweep takes B B^T - s to B' B'^T (Fernando & Parlett 1994); s is
// Laguerre's bound m / (t1 + ((m - 1) (m t2 - t1^2))^{1/2}) from the traces t1, t2 of (B B^T)^{-1} and its square, never above the least value.
// A sum of square roots is stationary where the last entry e beside the diagonal vanishes: without it, it changes by less than e / sigma, sigma the
// value cut off; so e may be as large as rounding of the sum allows. Earlier still q settles, the last entry of the diagonal: in B B^T it is coupled by
// e q, which changes the sum by less than e q / sigma^3; then e stays in the block that is left and joins its last q in the next sweep.
// Convention: each lane has its block first .. last, the lowest that is not yet cut; a sweep that fails is undone in its lane and repeated without
// shift; what lies below a block is settled and no longer kept.
#pragma once

#include "lanes/implicit_ql.hpp"

namespace erlangen::ERLANGEN_LEVEL {

// One bidiagonal matrix in each lane: q, e, the same after a sweep, the shifts taken out of blocks that wait, and the values found; n registers each.
template <typename T>
struct Quotients {
  using lanes = typename Lane<T>::lanes;
  typename Lane<T>::stored *q, *e, *next_q, *next_e, *out, *value;
  lanes first, last, taken, shift, floor, slack;  // e^2 <= slack value, (e q)^2 <= slack value^3: see above
  Mask<T> open;
  int low, level, high;  // the highest first place of a lane, and the lowest and the highest last one

  void swap() {
    typename Lane<T>::stored* old = q;
    q = next_q, next_q = old;
    old = e;
    e = next_e, next_e = old;
  }
};

template <typename T>
inline Mask<T> no_lane() { return above(all<T>(0), all<T>(1)); }

// Settle the last two values of some lanes: roots of x^2 - (q0 + e + q1) x + q0 q1.
template <typename T>
inline void settle_pair(Quotients<T>& s, Mask<T> pair) {
  using lanes = typename Lane<T>::lanes;
  const lanes a = s.q[0], b = s.q[1], e = s.e[0], gap = a + e - b, half = all<T>(T(0.5));
  const lanes larger = half * (a + e + b + root(fused(gap, gap, all<T>(4) * e * b)));
  const lanes smaller = a * b / select(pair, larger, all<T>(1));
  s.value[0] = select(pair, larger + s.taken, lanes(s.value[0]));
  s.value[1] = select(pair, smaller + s.taken, lanes(s.value[1]));
}

// Settle values below the last entry beside the diagonal that is more than rounding: there ends the block of a lane. Where it begins is looked for if
// `whole`, and in lanes that have come to another block.
template <typename T>
inline void find_blocks(Quotients<T>& s, bool whole, int n) {
  using lanes = typename Lane<T>::lanes;
  constexpr T eps = Limits<T>::eps;
  const lanes zero = all<T>(0), old_first = s.first, old_last = s.last;
  Mask<T> seek = s.open, trace = no_lane<T>(), pair = trace;
  lanes first = old_first, last = old_last;
  int high = 0, level = n;
  for (int i = s.high - 1; i >= 0 && any(Mask<T>(seek | trace)); --i) {
    const lanes index = all<T>(static_cast<T>(i)), after = all<T>(static_cast<T>(i + 1)), e = s.e[i], q = s.q[i + 1], product = e * q;
    const lanes value = q + select(above(old_first, after), lanes(s.out[i + 1]), s.taken);
    const Mask<T> big = above(e, fused(value, all<T>(eps * eps), s.floor)), inside = seek & above(old_last, index);
    const Mask<T> begins = inside & big & above(e * e, s.slack * value), ends = trace & ~big;
    const Mask<T> coupled = begins & above(product * product, s.slack * value * value * value), held = i == 0 ? begins : coupled;
    s.value[i + 1] = select(inside & ~held, value, lanes(s.value[i + 1]));
    s.e[i] = select(ends | (inside & ~begins), zero, e);
    first = select(ends, after, first);
    trace = trace & ~ends;
    if (!any(begins)) continue;
    const Mask<T> moved = begins & above(old_first, index), unknown = whole ? begins : moved, freed = begins & ~held;
    s.taken = select(moved, lanes(s.out[i + 1]), s.taken);
    first = select(unknown, zero, first);
    last = select(begins, select(held, after, index), last);
    seek = seek & ~begins;
    trace = trace | unknown;
    if (i == 0)
      pair = begins;
    else
      level = any(freed) ? i : i + 1, high = high > 0 ? high : any(held) ? i + 1 : i;
  }
  s.value[0] = select(seek, s.q[0] + select(above(old_first, zero), lanes(s.out[0]), s.taken), lanes(s.value[0]));
  if (any(pair)) settle_pair<T>(s, pair);
  const Mask<T> split = above(first, old_first), done = seek | pair;
  for (int i = 0; any(done) && i < n; ++i) s.e[i] = select(done, zero, lanes(s.e[i]));  // what goes on in lanes that are done must not underflow
  s.open = s.open & ~done, s.first = select(s.open, first, zero), s.last = last, s.level = level, s.high = high, s.low = 0;
  const bool apart = any(above(s.first, zero));
  for (int k = 0; apart && k < Lane<T>::wide; ++k)
    if (s.first[k] > static_cast<T>(s.low)) s.low = static_cast<int>(s.first[k]);
  for (int i = 0; any(split) && i < s.low; ++i) {
    const lanes index = all<T>(static_cast<T>(i));
    s.out[i] = select(split & above(first, index) & ~above(old_first, index), s.taken, lanes(s.out[i]));
  }
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

// What a sweep carries from place to place.
template <typename T>
struct SweepState {
  typename Lane<T>::lanes d, least, u, v, t1, squares, products, before;
};

// In the head of a sweep some lanes have not begun, in its tail some have ended.
enum class Part { head, middle, tail };

template <typename T, Part part>
inline void quotient_step(int i, bool final, const Quotients<T>& s, SweepState<T>& r) {
  using lanes = typename Lane<T>::lanes;
  const lanes zero = all<T>(0), one = all<T>(1), tiny = all<T>(Limits<T>::tiny), index = all<T>(static_cast<T>(i));
  const lanes e = s.e[i];
  Mask<T> on = above(s.last, index), before = no_lane<T>();
  lanes here = r.d;
  if constexpr (part == Part::head) {
    before = above(s.first, index);
    on = on & ~before;
    here = select(~above(index, s.first) & ~before, s.q[i] - s.shift, here);
  }
  const lanes sum = here + e, inverse = one / greater(sum, tiny);
  const lanes ratio = (final ? zero : lanes(s.q[i + 1])) * inverse, next_e = e * ratio, coupling = r.before * inverse;
  const lanes v = fused(r.u, r.u, r.v) * coupling, u = fused(r.u, coupling, inverse), d = fused(here, ratio, -s.shift);
  if constexpr (part == Part::middle) {
    s.next_q[i] = sum, s.next_e[i] = next_e;
    r = {d, lesser(here, r.least), u, v, r.t1 + u, fused(u, u, r.squares), r.products + v, next_e};
    return;
  }
  s.next_q[i] = select(before, lanes(s.q[i]), sum);
  s.next_e[i] = select(before, e, select(on, next_e, zero));
  r.least = select(before, r.least, lesser(here, r.least));
  r.d = select(on, d, select(before, here, sum));
  r.t1 = select(on, r.t1 + u, r.t1);
  r.squares = select(on, fused(u, u, r.squares), r.squares);
  r.products = select(on, r.products + v, r.products);
  r.u = select(on, u, r.u);
  r.v = select(on, v, r.v);
  r.before = select(on, next_e, r.before);
}

// One sweep of G registers of matrices, which hide each other's divisions.
template <typename T, int G>
inline void quotient_sweep(Quotients<T>* s, bool whole, int n) {
  using lanes = typename Lane<T>::lanes;
  const lanes zero = all<T>(0), one = all<T>(1), tiny = all<T>(Limits<T>::tiny);
  SweepState<T> r[G];
  int low = 0, level = n, high = 0;
#pragma GCC unroll 4
  for (int g = 0; g < G; ++g) {
    r[g] = {s[g].q[0] - s[g].shift, all<T>(Limits<T>::infinity), zero, zero, zero, zero, zero, zero};
    low = s[g].low > low ? s[g].low : low;
    level = s[g].level < level ? s[g].level : level;
    high = s[g].high > high ? s[g].high : high;
  }
  int i = 0;
  for (; low > 0 && i <= low; ++i)
#pragma GCC unroll 4
    for (int g = 0; g < G; ++g) quotient_step<T, Part::head>(i, false, s[g], r[g]);
  for (; i < level; ++i)
#pragma GCC unroll 4
    for (int g = 0; g < G; ++g) quotient_step<T, Part::middle>(i, false, s[g], r[g]);
  for (; i <= high; ++i)
#pragma GCC unroll 4
    for (int g = 0; g < G; ++g) quotient_step<T, Part::tail>(i, i == high, s[g], r[g]);
  for (int g = 0; g < G; ++g) {
    Quotients<T>& a = s[g];
    const SweepState<T>& b = r[g];
    const Mask<T> failed = a.open & above(zero, b.least);
    a.swap();
    if (any(failed))
      for (i = 0; i <= high; ++i) {
        a.q[i] = select(failed, lanes(a.next_q[i]), lanes(a.q[i]));
        a.e[i] = select(failed, lanes(a.next_e[i]), lanes(a.e[i]));
      }
    a.taken = select(failed, a.taken, a.taken + a.shift);
    const lanes first = a.first, last = a.last;
    find_blocks<T>(a, whole, n);
    const lanes inverse = one / greater(b.d, tiny), coupling = b.before * inverse, end = fused(b.u, coupling, inverse);
    const Mask<T> same = ~above(last, a.last), kept = a.open & ~failed & ~above(first, a.last);
    const lanes t1 = b.t1 + select(same, end, zero), squares = select(same, fused(end, end, b.squares), b.squares);
    const lanes products = b.products + select(same, fused(b.u, b.u, b.v) * coupling, zero);
    a.shift = select(kept, laguerre<T>(last - first + select(same, one, zero), t1, squares + products + products), zero);
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
    s[g] = {w, w + n, w + 2 * n, w + 3 * n, w + 4 * n, w + 5 * n, zero, all<T>(static_cast<T>(n - 1)), zero, zero, zero, zero,
            above(all<T>(1), zero), 0, n, n - 1};
    const Mask<T> turn = above(magnitude(lanes(d[g][n - 1])), magnitude(lanes(d[g][0])));  // the small end goes below
    lanes size = zero;
    for (int i = 0; i < n; ++i) {
      const lanes a = select(turn, lanes(d[g][n - 1 - i]), lanes(d[g][i]));
      const lanes b = i + 1 < n ? select(turn, lanes(e[g][n - 2 - i]), lanes(e[g][i])) : zero;
      s[g].q[i] = a * a, s[g].e[i] = b * b, s[g].out[i] = s[g].value[i] = zero;
      size += a * a + b * b;
    }
    s[g].floor = fused(size, all<T>(eps * eps / 64), all<T>(Limits<T>::tiny));
    s[g].slack = size * all<T>(eps * eps / 64);
    find_blocks<T>(s[g], true, n);
    left |= any(s[g].open);
  }
  for (int sweep = 1; left; ++sweep) {
    if (sweep > sweeps_per_value * n) {
      for (int g = 0; g < G; ++g)
        for (int k = 0; k < Lane<T>::wide; ++k) failed[g][k] = failed[g][k] || select(s[g].open, all<T>(1), zero)[k] != 0;
      break;
    }
    quotient_sweep<T, G>(s, sweep % 4 == 0, n);
    left = false;
    for (int g = 0; g < G; ++g) left |= any(s[g].open);
  }
  for (int g = 0; g < G; ++g) {
    sum[g] = zero;
    for (int i = 0; i < n; ++i) {
      const lanes x = s[g].value[i];
      sum[g] += root(select(above(x, zero), x, zero));
    }
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
