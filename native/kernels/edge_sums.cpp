// Running sums of lagged products over stretches of a signal.
// Definition: edge_sums.hpp. A tile of sums stays in registers while the samples of a stretch pass by.
// Convention: the last columns overlap those before, so that every tile is as wide as a register; orders below one register go entry by entry.
#include "edge_sums.hpp"

#include "register.hpp"

namespace erlangen::ERLANGEN_LEVEL {

namespace {

using lanes = Register<double>::lanes;
using loose = Register<double>::loose;
constexpr int wide = Register<double>::wide;

// Rows a .. a + R - 1 and C registers of columns from b on.
template <int R, int C>
inline void tile(const double* ahead, const double* here, const int (&b)[C], int a, std::int64_t n, int lag, const double* from, double* to) {
  lanes sum[R][C];
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 3
    for (int c = 0; c < C; ++c) sum[r][c] = *reinterpret_cast<const loose*>(from + (a + r) * n + b[c]);
  for (int t = 0; t < lag; ++t) {
    lanes column[C];
#pragma GCC unroll 3
    for (int c = 0; c < C; ++c) column[c] = *reinterpret_cast<const loose*>(here + t * n + b[c]);
#pragma GCC unroll 4
    for (int r = 0; r < R; ++r) {
      const lanes row = ahead[t * n + a + r] - lanes{};
#pragma GCC unroll 3
      for (int c = 0; c < C; ++c) sum[r][c] += row * column[c];
    }
  }
#pragma GCC unroll 4
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 3
    for (int c = 0; c < C; ++c) *reinterpret_cast<loose*>(to + (a + r) * n + b[c]) = sum[r][c];
}

template <int C>
inline void columns(const double* ahead, const double* here, const int (&b)[C], int n, int lag, const double* from, double* to) {
  int a = 0;
  for (; a + 4 <= n; a += 4) tile<4, C>(ahead, here, b, a, n, lag, from, to);
  for (; a < n; ++a) tile<1, C>(ahead, here, b, a, n, lag, from, to);
}

inline void add_stretch(const double* ahead, const double* here, int n, int lag, const double* from, double* to) {
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
  for (; b + 2 * wide < n; b += 3 * wide) columns<3>(ahead, here, {b, b + wide, place(b + 2 * wide)}, n, lag, from, to);
  if (b < n) columns<2>(ahead, here, {place(b), place(b + wide)}, n, lag, from, to);
}

}  // namespace

void edge_sums_range(std::int64_t begin, std::int64_t end, const Stretches& s, const double* x, double* out) {
  const std::int64_t area = static_cast<std::int64_t>(s.n) * s.n;
  for (std::int64_t trial = begin; trial < end; ++trial) {
    const double* samples = x + trial * s.times * s.n;
    double* sums = out + trial * s.count * area;
    for (std::int64_t i = s.count - 2; i >= 0; --i) {
      const double* here = samples + (s.origin + i * s.step) * s.n;
      add_stretch(here + s.ahead * s.n, here, s.n, s.lag, sums + (i + 1) * area, sums + i * area);
    }
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
