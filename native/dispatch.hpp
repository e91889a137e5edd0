// Calling a kernel at the level that was asked for.
// Definition: ERLANGEN_DISPATCH(level, f(args)) calls erlangen::<level>::f(args).
// Convention: the level was resolved before (levels.hpp), so it is one that runs here.
#pragma once

#include "barycentres.hpp"
#include "contraction.hpp"
#include "harmonics.hpp"
#include "kernels.hpp"
#include "levels.hpp"
#include "messages.hpp"
#include "normalisation.hpp"
#include "tensor_products.hpp"

#ifdef ERLANGEN_HAS_AVX512
#define ERLANGEN_CASE_AVX512(level, call) \
  if ((level) == "avx512") return ::erlangen::avx512::call;
#else
#define ERLANGEN_CASE_AVX512(level, call)
#endif
#ifdef ERLANGEN_HAS_AVX2
#define ERLANGEN_CASE_AVX2(level, call) \
  if ((level) == "avx2") return ::erlangen::avx2::call;
#else
#define ERLANGEN_CASE_AVX2(level, call)
#endif

#define ERLANGEN_DISPATCH(level, call) \
  [&] {                                \
    ERLANGEN_CASE_AVX512(level, call)  \
    ERLANGEN_CASE_AVX2(level, call)    \
    return ::erlangen::baseline::call; \
  }()
