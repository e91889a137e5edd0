// Batch normalisation of small SPD matrices under Bures–Wasserstein, forward and backward: what the kernels of every instruction set offer.
// Definition: see the twin nn/spd/normalisation/fused_bures; the functions below exist once in each namespace that was compiled.
// Convention: arrays are row-major; ranges begin at multiples of sum_group, each group of which writes sums of its own; false says that the twin is to serve.
#pragma once

#include <cstdint>

namespace erlangen {

constexpr int most_normalised = 64;  // order of the matrices

// `count` matrices of order n, `stride` entries apart.
struct MatrixRow {
  int n;
  std::int64_t count, stride;
  const double* at;
};

// What mean, bias and M fix for a channel, n x n each unless said: G = U g U^T, W = Q w Q^T, all in the image under M.
struct NormalFrame {
  const double *whiten, *whiten_turned;  // sqrt(g) U^T M^{-1/2}, and transposed
  const double *turn, *turn_turned;      // Q^T U, and transposed
  const double *leave, *leave_turned;    // M^{1/2} Q, and transposed
  const double *weights, *factors;       // sqrt(2/g_i + 2/g_j), 1/sqrt(2 (w_i + w_j))
  const double *shift, *w;               // 2 sqrt(g_i) and w_i, n numbers each
  double k;                              // s / sqrt(v^2 + eps)
};

// Where the backward pass adds up over a group: to W along (I + L) . (I + L), along the square root, to M^{1/2} and to whitened M^{-1/2}
// (n x n each), to k (one number).
struct NormalSums {
  double* at;
  bool parameter;  // whether M is asked for
  const double* differences;  // f[w_i + w_j, w_k + w_j] at (i n + k) n + j
};

// Doubles that one batch leaves for the backward pass, whatever the registers.
inline std::int64_t normal_memory(std::int64_t count, std::int64_t n) { return ((count + 7) / 8) * 8 * (n * (n | 1) + n + n * (n + 1) / 2) + 8; }
inline std::int64_t normal_sums(std::int64_t n) { return 4 * n * n + 1; }

#define ERLANGEN_NORMALISATION_KERNELS(level)                                                                                  \
  namespace level {                                                                                                            \
  bool normal_roots_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const double* P, double* sums);            \
  bool normal_gaps_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const double* P, double* sums);             \
  bool normal_centre_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const NormalFrame& f, double* memory,     \
                           double* squares);                                                                                   \
  bool normal_leave_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const NormalFrame& f, double margin,       \
                          const double* memory, double* out);                                                                  \
  void normal_back_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const MatrixRow& gradient,                  \
                         const NormalFrame& f, const double* memory, double* to_x, const NormalSums& sums);                    \
  void small_product(int n, const double* a, const double* b, double* out);                                                    \
  }

ERLANGEN_NORMALISATION_KERNELS(baseline)
ERLANGEN_NORMALISATION_KERNELS(avx2)
ERLANGEN_NORMALISATION_KERNELS(avx512)

}  // namespace erlangen
