// What the kernels of every instruction set offer.
// Definition: the functions below exist once in each namespace erlangen::baseline, ::avx2, ::avx512 that was compiled.
// Convention: arrays are C-contiguous; a block of right-hand sides is n x 16 doubles, row-major.
#pragma once

#include <cstdint>

namespace erlangen {

// The factor A = (I - N) D (I - N)^T: columns of N (strictly lower, sorted rows, values >= 0) and 1 / D.
struct FactorView {
  std::int64_t n;
  const std::int64_t* start;
  const std::int32_t* row;
  const double* value;
  const double* inverse_pivot;
};

constexpr int block_width = 16, most_components = 64, most_order = 128;

// A scalar function: 0 log, 1 sqrt, 2 exp, 3 1/sqrt, 4 1/x, 5 x^power; domain 0 everywhere, 1 x >= 0, 2 x > 0.
struct Scalar {
  int kind, domain;
  double power;
};

constexpr std::int64_t sum_group = 64;  // matrices whose weighted images are summed together

#define ERLANGEN_SPD_KERNELS(T)                                                                                             \
  void eigen_range(std::int64_t begin, std::int64_t end, int n, const T* a, T* values, T* vectors, std::int8_t* status);    \
  void congruence_range(std::int64_t begin, std::int64_t end, int m, int n, bool lower, const T* W, int exponent_w,         \
                        const T* a, T* out, std::int8_t* status);                                                           \
  void whitened_values_range(std::int64_t begin, std::int64_t end, std::int64_t total, int n, int count_w,                  \
                             const bool* lower, const T* W, const int* exponent_w, const T* a, T* values,                   \
                             std::int8_t* status);                                                                          \
  void whitened_function_range(std::int64_t begin, std::int64_t end, int n, bool lower, const T* W, int exponent_w,         \
                               const T* a, const Scalar& f, const T* weight, T* full, T* packed, T* sums,                   \
                               std::int8_t* status);

#define ERLANGEN_KERNELS(level)                                                                                             \
  namespace level {                                                                                                         \
  void m_matrix_solve_block(const FactorView& f, int repeat, const double* scale, double* x);                               \
  void spmm_rows(std::int64_t begin, std::int64_t end, std::int64_t columns, const std::int64_t* start,                     \
                 const std::int32_t* index, const double* value, const double* b, double* out);                             \
  void spmm_rows(std::int64_t begin, std::int64_t end, std::int64_t columns, const std::int64_t* start,                     \
                 const std::int32_t* index, const float* value, const float* b, float* out);                                \
  void stress_round(std::int64_t begin, std::int64_t end, std::int64_t round, std::int64_t players, std::int64_t n, int d,  \
                    const std::int32_t* order, const double* distance, const double* weight, double eta, double* x);        \
  void place_points_range(std::int64_t begin, std::int64_t end, std::int64_t landmarks, int d, const double* y,             \
                          const double* distance, const double* weight, int iterations, double* space, double* z);          \
  void bures_common_range(std::int64_t begin, std::int64_t end, int n, int count_b, const double* a, const double* b,       \
                          double* square, std::int8_t* status, std::int8_t* status_b);                                      \
  void bures_paired_range(std::int64_t begin, std::int64_t end, int n, const double* a, const double* b, double* square,    \
                          std::int8_t* status);                                                                             \
  void affine_common_range(std::int64_t begin, std::int64_t end, int n, const double* W, int exponent_w, const double* one, \
                           const double* a, double least_ratio, double graded, double* square, std::int8_t* status);        \
  ERLANGEN_SPD_KERNELS(double)                                                                                              \
  ERLANGEN_SPD_KERNELS(float)                                                                                               \
  }

ERLANGEN_KERNELS(baseline)
ERLANGEN_KERNELS(avx2)
ERLANGEN_KERNELS(avx512)

}  // namespace erlangen
