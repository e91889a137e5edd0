// Rows of memory to registers of one component each, and back.
// Definition: a square block of memory is read by pieces of 128 bits, pieces from rows one piece's width apart side by side in a register, so
// that only exchanges inside 128 bits remain.
// Convention: included by the files of kernels/ only.
#pragma once

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int piece_bytes = 16;

template <typename T>
struct Piece {
  static constexpr int wide = piece_bytes / sizeof(T);
  static constexpr int count = register_bytes / piece_bytes;
};

// Pieces at from, from + step, … side by side.
#if defined(__AVX512F__)
inline Floats side_by_side(const float* from, std::int64_t step) {
  __m512 v = _mm512_castps128_ps512(_mm_loadu_ps(from));
  v = _mm512_insertf32x4(v, _mm_loadu_ps(from + step), 1);
  v = _mm512_insertf32x4(v, _mm_loadu_ps(from + 2 * step), 2);
  return (Floats)_mm512_insertf32x4(v, _mm_loadu_ps(from + 3 * step), 3);
}
inline Doubles side_by_side(const double* from, std::int64_t step) {
  __m512d v = _mm512_castpd128_pd512(_mm_loadu_pd(from));
  v = _mm512_insertf64x2(v, _mm_loadu_pd(from + step), 1);
  v = _mm512_insertf64x2(v, _mm_loadu_pd(from + 2 * step), 2);
  return (Doubles)_mm512_insertf64x2(v, _mm_loadu_pd(from + 3 * step), 3);
}
#elif defined(__AVX__)
inline Floats side_by_side(const float* from, std::int64_t step) {
  return (Floats)_mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from)), _mm_loadu_ps(from + step), 1);
}
inline Doubles side_by_side(const double* from, std::int64_t step) {
  return (Doubles)_mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(from)), _mm_loadu_pd(from + step), 1);
}
#else
template <typename T>
inline typename Register<T>::lanes side_by_side(const T* from, std::int64_t) {
  return *reinterpret_cast<const typename Register<T>::loose*>(from);
}
#endif

// Lanes of two registers, interleaved inside each 128 bits: their first or second halves by single entries, or by pairs of floats.
template <typename V, int size>
struct Interleaved {
  template <int half>
  static inline V singles(V a, V b) {
    using Mask = decltype(V{} > V{});
    Mask mask;
    constexpr int piece = size == 4 ? 4 : 2, wide = sizeof(V) / size;
#pragma GCC unroll 16
    for (int l = 0; l < wide; ++l) mask[l] = l / piece * piece + half * piece / 2 + l % piece / 2 + l % 2 * wide;
    return __builtin_shuffle(a, b, mask);
  }
  template <int half>
  static inline V pairs(V a, V b) {
    using Mask = decltype(V{} > V{});
    Mask mask;
    constexpr int wide = sizeof(V) / size;
#pragma GCC unroll 16
    for (int l = 0; l < wide; ++l) mask[l] = l / 4 * 4 + half * 2 + l % 2 + l % 4 / 2 * wide;
    return __builtin_shuffle(a, b, mask);
  }
};

// out[q], q < Piece<T>::wide: entry `at + q` of each of the rows from, from + stride, …
inline void columns(const double* from, std::int64_t stride, std::int64_t at, Doubles* out) {
  using Mix = Interleaved<Doubles, 8>;
  const Doubles a = side_by_side(from + at, 2 * stride), b = side_by_side(from + at + stride, 2 * stride);
  out[0] = Mix::singles<0>(a, b);
  out[1] = Mix::singles<1>(a, b);
}
inline void columns(const float* from, std::int64_t stride, std::int64_t at, Floats* out) {
  using Mix = Interleaved<Floats, 4>;
  const float* first = from + at;
  const Floats a = side_by_side(first, 4 * stride), b = side_by_side(first + stride, 4 * stride);
  const Floats c = side_by_side(first + 2 * stride, 4 * stride), d = side_by_side(first + 3 * stride, 4 * stride);
  const Floats low = Mix::singles<0>(a, b), high = Mix::singles<1>(a, b), low2 = Mix::singles<0>(c, d), high2 = Mix::singles<1>(c, d);
  out[0] = Mix::pairs<0>(low, low2);
  out[1] = Mix::pairs<1>(low, low2);
  out[2] = Mix::pairs<0>(high, high2);
  out[3] = Mix::pairs<1>(high, high2);
}

}  // namespace erlangen::ERLANGEN_LEVEL
