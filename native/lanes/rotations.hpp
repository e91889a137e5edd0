// Applying the rotations of sweeps to the rows of eigenvectors.
// Definition: for i = high - 1 .. low: (z_i, z_{i+1}) <- (c z_i - s z_{i+1}, s z_i + c z_{i+1}); two sweeps go through the rows in one wave.
// Convention: a strip of columns is carried in registers from row to row, so that each entry is read and written once a wave.
#pragma once

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int strip = register_bytes == 64 ? 6 : 3;

template <typename T>
struct Sweep {
  int low, high;
  const typename Lane<T>::stored* turn;
};

template <typename T>
inline void rotate(typename Lane<T>::lanes c, typename Lane<T>::lanes s, typename Lane<T>::lanes& upper,
                   typename Lane<T>::lanes& lower) {
  const typename Lane<T>::lanes old = upper;
  upper = drained(s, lower, c * old);
  lower = fused(s, old, c * lower);
}

template <typename T, int R>
inline void apply_one(const Sweep<T>& a, std::int64_t stride, typename Lane<T>::stored* z) {
  using lanes = typename Lane<T>::lanes;
  lanes carry[R];
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) carry[t] = z[a.high * stride + t];
  for (int i = a.high - 1; i >= a.low; --i) {
    const lanes c = a.turn[2 * i], s = a.turn[2 * i + 1];
    typename Lane<T>::stored* row = z + i * stride;
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
      lanes upper = row[t];
      rotate<T>(c, s, upper, carry[t]);
      row[stride + t] = carry[t];
      carry[t] = upper;
    }
  }
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) z[a.low * stride + t] = carry[t];
}

// Sweep a and, one row behind, sweep b; outside its own range a sweep does nothing.
template <typename T, int R>
inline void apply_two(const Sweep<T>& a, const Sweep<T>& b, std::int64_t stride, typename Lane<T>::stored* z) {
  using lanes = typename Lane<T>::lanes;
  const int high = a.high > b.high ? a.high : b.high, low = a.low < b.low ? a.low : b.low;
  lanes first[R], second[R];  // row i + 1 as a left it, row i + 2 as b will finish it
#pragma GCC unroll 8
  for (int t = 0; t < R; ++t) first[t] = z[high * stride + t], second[t] = all<T>(0);
  for (int i = high - 1; i >= low - 1; --i) {
    typename Lane<T>::stored* row = z + i * stride;
    const bool turn_a = i >= a.low && i < a.high, turn_b = i + 1 >= b.low && i + 1 < b.high;
    const lanes zero = all<T>(0), one = all<T>(1);
    const lanes ca = turn_a ? lanes(a.turn[2 * i]) : one, sa = turn_a ? lanes(a.turn[2 * i + 1]) : zero;
    const lanes cb = turn_b ? lanes(b.turn[2 * i + 2]) : one, sb = turn_b ? lanes(b.turn[2 * i + 3]) : zero;
    if (i < low) {
#pragma GCC unroll 8
      for (int t = 0; t < R; ++t) {
        rotate<T>(cb, sb, first[t], second[t]);
        if (i + 2 <= high) z[(i + 2) * stride + t] = second[t];
        z[(i + 1) * stride + t] = first[t];
      }
      break;
    }
    const bool store = i + 2 <= high;
#pragma GCC unroll 8
    for (int t = 0; t < R; ++t) {
      lanes upper = row[t];
      rotate<T>(ca, sa, upper, first[t]);
      rotate<T>(cb, sb, first[t], second[t]);
      if (store) row[2 * stride + t] = second[t];
      second[t] = first[t];
      first[t] = upper;
    }
  }
}

template <typename T, int R>
inline void apply_strip(int count, const Sweep<T>* sweeps, std::int64_t stride, typename Lane<T>::stored* z) {
  int k = 0;
  for (; k + 2 <= count; k += 2) apply_two<T, R>(sweeps[k], sweeps[k + 1], stride, z);
  if (k < count) apply_one<T, R>(sweeps[k], stride, z);
}

// Apply sweeps in their order to the n x n block z, rows row_stride(n) apart.
template <typename T>
inline void apply_sweeps(int count, const Sweep<T>* sweeps, int n, typename Lane<T>::stored* z) {
  const std::int64_t stride = row_stride(n);
  int t = 0;
  for (; t + strip <= n; t += strip) apply_strip<T, strip>(count, sweeps, stride, z + t);
  for (; t + 2 <= n; t += 2) apply_strip<T, 2>(count, sweeps, stride, z + t);
  for (; t < n; ++t) apply_strip<T, 1>(count, sweeps, stride, z + t);
}

}  // namespace erlangen::ERLANGEN_LEVEL
