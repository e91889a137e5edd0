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
  void eigen_range(std::int64_t begin, std::int64_t end, int n, const double* a, double* values, double* vectors,           \
                   std::int8_t* status);                                                                                    \
  void eigen_range(std::int64_t begin, std::int64_t end, int n, const float* a, float* values, float* vectors,              \
                   std::int8_t* status);                                                                                    \
  }

ERLANGEN_KERNELS(baseline)
ERLANGEN_KERNELS(avx2)
ERLANGEN_KERNELS(avx512)

}  // namespace erlangen
