// Batch normalisation of small SPD matrices, forward and backward: what the kernels of every instruction set offer.
// Definition: the functions below exist once in each namespace erlangen::baseline, ::avx2, ::avx512 that was compiled.
// Convention: arrays are C-contiguous; ranges are half-open.
#pragma once

#include <cstdint>

namespace erlangen {}  // namespace erlangen
