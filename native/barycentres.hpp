// Means of small SPD matrices, all iterations in one call: what the kernels of every instruction set offer.
// Definition: the functions below exist once in each namespace erlangen::baseline, ::avx2, ::avx512 that was compiled.
// Convention: arrays are C-contiguous; ranges are half-open.
#pragma once

#include <cstdint>

namespace erlangen {

// plain_range: status 0 for a matrix that is finite, exactly symmetric and safely positive definite (see lanes/cholesky.hpp), 1 for one that is not
// finite, 4 for any other.
#define ERLANGEN_BARYCENTRE_KERNELS(level)                                                                   \
  namespace level {                                                                                          \
  void plain_range(std::int64_t begin, std::int64_t end, int n, const double* a, std::int8_t* status);       \
  }

ERLANGEN_BARYCENTRE_KERNELS(baseline)
ERLANGEN_BARYCENTRE_KERNELS(avx2)
ERLANGEN_BARYCENTRE_KERNELS(avx512)

}  // namespace erlangen
