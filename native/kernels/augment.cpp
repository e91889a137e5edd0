// Augmented covariances from lagged sums: one pass over the blocks of each trial.
// Definition: augment.hpp. A trial's matrix is made in cache and then streamed out, since nobody reads it soon: memory is the limit here.
// Convention: each block stands at (i, j) and, transposed, at (j, i); the blocks of the diagonal are symmetrised.
#include "augment.hpp"

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace erlangen::ERLANGEN_LEVEL {

namespace {

// One block of one trial, (n, n).
void fill_block(const LaggedSums& s, std::int64_t trial, int d, int j, double* __restrict block) {
  const std::int64_t n = s.n, area = n * n;
  const double* __restrict head = s.head[d] + (trial * s.heads[d] + j) * area;
  const double* __restrict tail = s.tail[d] + (trial * s.tails[d] + s.base - j - d) * area;
  const double* means = s.means + trial * s.order * n;
  const double* __restrict column = means + j * n;
  const double share = 1 / s.divisor;
  for (std::int64_t a = 0; a < n; ++a) {
    const double row = s.length * means[(j + d) * n + a];
    const std::int64_t at = a * n;
    for (std::int64_t b = 0; b < n; ++b) block[at + b] = (head[at + b] + tail[at + b] - row * column[b]) * share;
  }
}

void symmetrise(std::int64_t n, double* block) {
  for (std::int64_t a = 0; a < n; ++a)
    for (std::int64_t b = 0; b < a; ++b) block[a * n + b] = block[b * n + a] = (block[a * n + b] + block[b * n + a]) / 2;
}

void write_block(std::int64_t n, std::int64_t size, const double* __restrict block, double* __restrict at) {
  for (std::int64_t a = 0; a < n; ++a)
    for (std::int64_t b = 0; b < n; ++b) at[a * size + b] = block[a * n + b];
}

void write_transposed(std::int64_t n, std::int64_t size, const double* __restrict block, double* __restrict at) {
  for (std::int64_t b = 0; b < n; ++b)
    for (std::int64_t a = 0; a < n; ++a) at[b * size + a] = block[a * n + b];
}

// Copy past the caches where the processor and the alignment allow it.
void stream(std::int64_t count, const double* source, double* target) {
#if defined(__SSE2__)
  if (reinterpret_cast<std::uintptr_t>(target) % 16 == 0) {
    std::int64_t at = 0;
    for (; at + 2 <= count; at += 2) _mm_stream_pd(target + at, _mm_loadu_pd(source + at));
    for (; at < count; ++at) target[at] = source[at];
    _mm_sfence();
    return;
  }
#endif
  std::memcpy(target, source, static_cast<std::size_t>(count) * sizeof(double));
}

}  // namespace

void augment_range(std::int64_t begin, std::int64_t end, const LaggedSums& s, double* space, double* out) {
  const std::int64_t n = s.n, size = n * s.order;
  double *block = space, *matrix = space + n * n;
  for (std::int64_t trial = begin; trial < end; ++trial) {
    for (int d = 0; d < s.order; ++d)
      for (int j = 0; j + d < s.order; ++j) {
        fill_block(s, trial, d, j, block);
        const std::int64_t i = s.past ? s.order - 1 - j - d : j + d, k = s.past ? s.order - 1 - j : j;
        if (d == 0) symmetrise(n, block);
        write_block(n, size, block, matrix + i * n * size + k * n);
        if (d > 0) write_transposed(n, size, block, matrix + k * n * size + i * n);
      }
    stream(size * size, matrix, out + trial * size * size);
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
