// Spherical harmonics of many points and their derivatives: what the kernels of every instruction set offer.
// Definition: the functions below exist once in each namespace erlangen::baseline, ::avx2, ::avx512 that was compiled.
// Convention: arrays are C-contiguous; ranges are half-open; points are (n, 3), components (n, (lmax + 1)^2), gradients (n, 3, (lmax + 1)^2); values and
// gradients return the first point that is not finite, or -1.
#pragma once

#include <cstdint>

namespace erlangen {

constexpr int most_degree = 200;  // of the kernel

// The recursion q[l, m] = a y q[l - 1, m] - b r^2 q[l - 2, m], q[l, l] = top[l], rows of a triangle; and how the degree l falls to l - 1:
// to m by `flat`, to m - 1 by `down`, to m + 1 by `up` (triangles over m >= 0).
template <typename T>
struct HarmonicTable {
  int lmax;
  bool normalize;
  const T *a, *b, *top, *flat, *down, *up;
};

#define ERLANGEN_HARMONICS_OF(T)                                                                                                 \
  std::int64_t harmonics_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, T* out);         \
  std::int64_t harmonics_gradient_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, T* out, \
                                T* gradient);                                                                                    \
  void harmonics_pullback_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, const T* g,     \
                                T* out);                                                                                         \
  void harmonics_second_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, const T* g,       \
                              const T* h, T* out_v, T* out_g);

#define ERLANGEN_HARMONICS(level) \
  namespace level {               \
  ERLANGEN_HARMONICS_OF(double)   \
  ERLANGEN_HARMONICS_OF(float)    \
  }

ERLANGEN_HARMONICS(baseline)
ERLANGEN_HARMONICS(avx2)
ERLANGEN_HARMONICS(avx512)

}  // namespace erlangen
