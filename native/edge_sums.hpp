// What the running sums of lagged products work on.
// Definition: out[i] = out[i + 1] + sum of x(t + ahead) x(t)^T over origin + i step <= t < origin + i step + lag, for i = count - 2 .. 0.
// Convention: x is (N, times, n), the samples of one time together; out is (N, count, n, n), its last entries given.
#pragma once

#include <cstdint>

namespace erlangen {

struct Stretches {
  int n, lag;
  std::int64_t times, count, ahead, origin, step;
};

namespace baseline {
void edge_sums_range(std::int64_t begin, std::int64_t end, const Stretches& s, const double* x, double* out);
}
namespace avx2 {
void edge_sums_range(std::int64_t begin, std::int64_t end, const Stretches& s, const double* x, double* out);
}
namespace avx512 {
void edge_sums_range(std::int64_t begin, std::int64_t end, const Stretches& s, const double* x, double* out);
}

}  // namespace erlangen
