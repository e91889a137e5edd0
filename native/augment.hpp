// What the assembly of augmented covariances works on.
// Definition: block (i, j), i = j + d, of a trial is (head[d][j] + tail[d][k - d] - L m_i m_j^T) / divisor, k = base - j.
// Convention: space holds n p n p doubles; head[d] and tail[d] are (N, heads[d] or tails[d], n, n), means (N, p, n), out (N, n p, n p).
#pragma once

#include <cstdint>

namespace erlangen {

struct LaggedSums {
  int n, order, base;
  bool past;
  const double* const* head;
  const double* const* tail;
  const int* heads;
  const int* tails;
  const double* means;
  double length, divisor;
};

// All orders of one lag at once, from the samples x (N, times, n) and the sums interior[d] (N, n, n) over start <= t < end for the difference d lag.
struct LagGrid {
  int n, lag, most, orders;
  bool past;
  std::int64_t times, start, end;
  const double* x;
  const double* const* interior;
  const int *order, *base;
  const double *length, *divisor;
  double* const* out;

  // Doubles of working memory.
  std::int64_t space() const {
    const std::int64_t p = most, area = static_cast<std::int64_t>(n) * n;
    return (p * (p + 1) / 2 + p * (p + 3) / 2) * area + (3 * p + 2) * n + p * p * area;
  }
};

constexpr int most_differences = 256;

// window_sums_range: out[k] (N, n, n) is the sum of x(t + ahead[k]) x(t)^T over start <= t < stop; `zero` holds n n zeros.
#define ERLANGEN_AUGMENT_KERNELS(level)                                                                                      \
  namespace level {                                                                                                          \
  void augment_range(std::int64_t begin, std::int64_t end, const LaggedSums& sums, double* space, double* out);              \
  void lag_grid_range(std::int64_t begin, std::int64_t end, const LagGrid& grid, double* space);                             \
  void window_sums_range(std::int64_t begin, std::int64_t end, int n, std::int64_t times, std::int64_t start,                \
                         std::int64_t stop, int count, const std::int64_t* ahead, const double* x, const double* zero,       \
                         double* const* out);                                                                                \
  }

ERLANGEN_AUGMENT_KERNELS(baseline)
ERLANGEN_AUGMENT_KERNELS(avx2)
ERLANGEN_AUGMENT_KERNELS(avx512)

}  // namespace erlangen
