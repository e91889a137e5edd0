// What the assembly of augmented covariances works on.
// Definition: block (i, j), i = j + d, of a trial is (head[d][j] + tail[d][k - d] - L m_i m_j^T) / divisor, k = base - j.
// Convention: space holds n p n p + n n doubles; head[d] and tail[d] are (N, heads[d] or tails[d], n, n), means (N, p, n), out (N, n p, n p).
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

namespace baseline {
void augment_range(std::int64_t begin, std::int64_t end, const LaggedSums& sums, double* space, double* out);
}
namespace avx2 {
void augment_range(std::int64_t begin, std::int64_t end, const LaggedSums& sums, double* space, double* out);
}
namespace avx512 {
void augment_range(std::int64_t begin, std::int64_t end, const LaggedSums& sums, double* space, double* out);
}

}  // namespace erlangen
