// Augmented covariances from lagged sums: one pass over the blocks of each trial.
// Definition: augment.hpp. A trial's matrix is made in cache and then streamed out, since nobody reads it soon: memory is the limit here.
// Convention: each block stands at (i, j) and, transposed, at (j, i); the blocks of the diagonal are symmetrised.
#include "augment.hpp"

#include <cstdint>
#include <cstring>

#include "lanes/stretches.hpp"

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace erlangen::ERLANGEN_LEVEL {

namespace {

// One block of one trial, written with rows `size` apart.
void fill_block(const LaggedSums& s, std::int64_t trial, int d, int j, std::int64_t size, double* at) {
  const std::int64_t n = s.n, area = n * n;
  const double* head = s.head[d] + (trial * s.heads[d] + j) * area;
  const double* tail = s.tail[d] + (trial * s.tails[d] + s.base - j - d) * area;
  const double* means = s.means + trial * s.order * n;
  const double* __restrict column = means + j * n;
  const double share = 1 / s.divisor;
  for (std::int64_t a = 0; a < n; ++a) {
    const double row = s.length * means[(j + d) * n + a];
    const double *__restrict before = head + a * n, *__restrict after = tail + a * n;
    double* __restrict to = at + a * size;
    for (std::int64_t b = 0; b < n; ++b) to[b] = (before[b] + after[b] - row * column[b]) * share;
  }
}

void symmetrise(std::int64_t n, std::int64_t size, double* block) {
  for (std::int64_t a = 0; a < n; ++a)
    for (std::int64_t b = 0; b < a; ++b)
      block[a * size + b] = block[b * size + a] = (block[a * size + b] + block[b * size + a]) / 2;
}

// Copy a block to its transposed place; both have rows `size` apart.
void transpose(std::int64_t n, std::int64_t size, const double* __restrict block, double* __restrict at) {
  std::int64_t a = 0;
#if defined(__AVX__)
  for (; a + 4 <= n; a += 4) {
    const double* rows = block + a * size;
    std::int64_t b = 0;
    for (; b + 2 <= n; b += 2) {
      const auto pair = [&](std::int64_t r) {
        return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(rows + r * size + b)), _mm_loadu_pd(rows + (r + 2) * size + b), 1);
      };
      const __m256d even = pair(0), odd = pair(1);
      _mm256_storeu_pd(at + b * size + a, _mm256_unpacklo_pd(even, odd));
      _mm256_storeu_pd(at + (b + 1) * size + a, _mm256_unpackhi_pd(even, odd));
    }
    for (; b < n; ++b)
      for (std::int64_t r = 0; r < 4; ++r) at[b * size + a + r] = rows[r * size + b];
  }
#endif
  for (; a < n; ++a)
    for (std::int64_t b = 0; b < n; ++b) at[b * size + a] = block[a * size + b];
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

// The covariance of one trial, made in `matrix` and written to `out`.
void assemble(const LaggedSums& s, std::int64_t trial, double* matrix, double* out) {
  const std::int64_t n = s.n, size = n * s.order;
  for (int d = 0; d < s.order; ++d)
    for (int j = 0; j + d < s.order; ++j) {
      const std::int64_t i = s.past ? s.order - 1 - j - d : j + d, k = s.past ? s.order - 1 - j : j;
      double* block = matrix + i * n * size + k * n;
      fill_block(s, trial, d, j, size, block);
      if (d == 0)
        symmetrise(n, size, block);
      else
        transpose(n, size, block, matrix + k * n * size + i * n);
    }
  stream(size * size, matrix, out);
}

// Sums of one trial between the break points: heads[d] runs over [j lag, end), tails[d] over [end, times - k lag), k = d + index.
void sum_edges(const LagGrid& g, std::int64_t trial, const double* x, double* const* heads, double* const* tails, double* zero) {
  const std::int64_t area = static_cast<std::int64_t>(g.n) * g.n;
  std::memset(zero, 0, static_cast<std::size_t>(area) * sizeof(double));
  for (int d = 0; d < g.most; ++d) {
    const std::int64_t h = static_cast<std::int64_t>(d) * g.lag;
    const auto add = [&](std::int64_t from, std::int64_t to, const double* sum, double* target) {
      add_stretch(x + (from + h) * g.n, x + from * g.n, g.n, static_cast<int>(to - from), sum, target);
    };
    const int last = g.most - 1 - d, most = g.most - d;
    add(last * static_cast<std::int64_t>(g.lag), g.start, g.interior[d] + trial * area, heads[d] + last * area);
    for (std::int64_t j = last - 1; j >= 0; --j) add(j * g.lag, (j + 1) * g.lag, heads[d] + (j + 1) * area, heads[d] + j * area);
    add(g.end, g.times - static_cast<std::int64_t>(g.most) * g.lag, zero, tails[d] + most * area);
    for (std::int64_t q = most - 1; q >= 0; --q)
      add(g.times - (q + d + 1) * g.lag, g.times - (q + d) * g.lag, tails[d] + (q + 1) * area, tails[d] + q * area);
  }
}

void add_samples(const double* x, std::int64_t n, std::int64_t from, std::int64_t to, double* sum) {
  for (std::int64_t t = from; t < to; ++t)
    for (std::int64_t a = 0; a < n; ++a) sum[a] += x[t * n + a];
}

// Sums of x: over what all windows share, before it from j lag on, after it up to times - k lag.
void sum_means(const LagGrid& g, const double* x, double* shared, double* before, double* after) {
  const std::int64_t n = g.n, P = g.most, lag = g.lag;
  std::memset(shared, 0, static_cast<std::size_t>((2 * P + 2) * n) * sizeof(double));
  add_samples(x, n, (P - 1) * lag, g.times - P * lag, shared);
  for (std::int64_t j = P - 2; j >= 0; --j) {
    std::memcpy(before + j * n, before + (j + 1) * n, static_cast<std::size_t>(n) * sizeof(double));
    add_samples(x, n, j * lag, (j + 1) * lag, before + j * n);
  }
  for (std::int64_t k = P - 1; k >= 0; --k) {
    std::memcpy(after + k * n, after + (k + 1) * n, static_cast<std::size_t>(n) * sizeof(double));
    add_samples(x, n, g.times - (k + 1) * lag, g.times - k * lag, after + k * n);
  }
}

}  // namespace

void augment_range(std::int64_t begin, std::int64_t end, const LaggedSums& s, double* space, double* out) {
  const std::int64_t size = static_cast<std::int64_t>(s.n) * s.order;
  for (std::int64_t trial = begin; trial < end; ++trial) assemble(s, trial, space, out + trial * size * size);
}

void lag_grid_range(std::int64_t begin, std::int64_t end, const LagGrid& g, double* space) {
  const std::int64_t n = g.n, area = n * n, P = g.most;
  double *heads[most_differences], *tails[most_differences], *at = space;
  int heads_held[most_differences], tails_held[most_differences];
  for (int d = 0; d < P; ++d) {
    heads[d] = at, heads_held[d] = static_cast<int>(P) - d, at += heads_held[d] * area;
    tails[d] = at, tails_held[d] = static_cast<int>(P) - d + 1, at += tails_held[d] * area;
  }
  double *shared = at, *before = shared + n, *after = before + P * n, *means = after + (P + 1) * n, *matrix = means + P * n;
  for (std::int64_t trial = begin; trial < end; ++trial) {
    const double* x = g.x + trial * g.times * n;
    sum_edges(g, trial, x, heads, tails, matrix);
    sum_means(g, x, shared, before, after);
    for (int o = 0; o < g.orders; ++o) {
      const int p = g.order[o];
      for (std::int64_t q = 0; q < p; ++q)
        for (std::int64_t a = 0; a < n; ++a)
          means[q * n + a] = (shared[a] + before[q * n + a] + after[(g.base[o] - q) * n + a]) / g.length[o];
      const LaggedSums s{g.n, p, g.base[o], g.past, heads, tails, heads_held, tails_held, means, g.length[o], g.divisor[o]};
      assemble(s, 0, matrix, g.out[o] + trial * p * p * area);
    }
  }
}

void window_sums_range(std::int64_t begin, std::int64_t end, int n, std::int64_t times, std::int64_t start, std::int64_t stop, int count,
                       const std::int64_t* ahead, const double* x, const double* zero, double* const* out) {
  const std::int64_t area = static_cast<std::int64_t>(n) * n;
  for (std::int64_t trial = begin; trial < end; ++trial)
    for (int k = 0; k < count; ++k) {
      const double* here = x + (trial * times + start) * n;
      add_stretch(here + ahead[k] * n, here, n, static_cast<int>(stop - start), zero, out[k] + trial * area);
    }
}

}  // namespace erlangen::ERLANGEN_LEVEL
