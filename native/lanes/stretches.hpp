// Sums of outer products over a stretch of a signal.
// Definition: sum_t x(t + h) x(t)^T. A tile of sums stays in registers while the samples of the stretch pass by.
// Convention: the last columns overlap those before, so that every tile is as wide as a register; orders below one register go entry by entry.
#pragma once

#include <cstdint>

#include "register.hpp"

namespace erlangen::ERLANGEN_LEVEL {

using StretchLanes = Register<double>::lanes;
using StretchLoose = Register<double>::loose;

// Rows a .. a + R - 1 and C registers of columns from b on.
template <int R, int C>
inline void stretch_tile(const double* ahead, const double* here, const int (&b)[C], int a, std::int64_t n, int lag, const double* from,
                         double* to) {
  StretchLanes sum[R][C];
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 3
    for (int c = 0; c < C; ++c) sum[r][c] = *reinterpret_cast<const StretchLoose*>(from + (a + r) * n + b[c]);
  for (int t = 0; t < lag; ++t) {
    StretchLanes column[C];
#pragma GCC unroll 3
    for (int c = 0; c < C; ++c) column[c] = *reinterpret_cast<const StretchLoose*>(here + t * n + b[c]);
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      const StretchLanes row = ahead[t * n + a + r] - StretchLanes{};
#pragma GCC unroll 3
      for (int c = 0; c < C; ++c) sum[r][c] += row * column[c];
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 3
    for (int c = 0; c < C; ++c) *reinterpret_cast<StretchLoose*>(to + (a + r) * n + b[c]) = sum[r][c];
}

template <int C>
inline void stretch_columns(const double* ahead, const double* here, const int (&b)[C], int n, int lag, const double* from, double* to) {
  int a = 0;
  for (; a + 4 <= n; a += 4) stretch_tile<4, C>(ahead, here, b, a, n, lag, from, to);
  for (; a < n; ++a) stretch_tile<1, C>(ahead, here, b, a, n, lag, from, to);
}

// to = from + sum_{t < lag} ahead(t) here(t)^T, (n, n); samples of one time lie together, and `to` is not `from`.
inline void add_stretch(const double* ahead, const double* here, int n, int lag, const double* from, double* to) {
  constexpr int wide = Register<double>::wide;
  if (n < wide) {
    for (int a = 0; a < n; ++a)
      for (int b = 0; b < n; ++b) {
        double sum = from[a * n + b];
        for (int t = 0; t < lag; ++t) sum += ahead[t * n + a] * here[t * n + b];
        to[a * n + b] = sum;
      }
    return;
  }
  const auto place = [n](int b) { return b + wide <= n ? b : n - wide; };
  int b = 0;
  for (; b + 2 * wide < n; b += 3 * wide) stretch_columns<3>(ahead, here, {b, b + wide, place(b + 2 * wide)}, n, lag, from, to);
  if (b < n) stretch_columns<2>(ahead, here, {place(b), place(b + wide)}, n, lag, from, to);
}

}  // namespace erlangen::ERLANGEN_LEVEL
