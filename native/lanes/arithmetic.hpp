// Arithmetic on one register of lanes, each lane a matrix of its own.
// Definition: the operations of a vector extension, and those it lacks: root, fused product and sum, comparison into masks, choice by mask; of a NaN and
// a number the lesser and the greater are the second of the two.
// Convention: included by the files of kernels/ only; no lane ever sees another, so a matrix has the same bits in whatever company it comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

#include "register.hpp"

namespace erlangen::ERLANGEN_LEVEL {

// In registers, and in memory where single entries are written too.
template <typename T>
struct Lane {
  typedef typename Register<T>::lanes lanes;
  typedef T stored __attribute__((vector_size(register_bytes), may_alias));
  static constexpr int wide = Register<T>::wide;
};

template <typename T>
struct Limits;
template <>
struct Limits<double> {
  static constexpr double eps = 0x1p-52, tiny = 0x1p-960, infinity = __builtin_huge_val();
};
template <>
struct Limits<float> {
  static constexpr float eps = 0x1p-23f, tiny = 0x1p-110f, infinity = __builtin_huge_valf();
};

// One number in every lane; x - 0 is x itself, and a vector broadcast (a loop over the lanes would write them one by one).
template <typename T>
inline typename Lane<T>::lanes all(T value) {
  return value - typename Lane<T>::lanes{};
}

using Doubles = Lane<double>::lanes;
using Floats = Lane<float>::lanes;

#if defined(__AVX512F__)
using DoubleMask = __mmask8;
using FloatMask = __mmask16;
inline Doubles root(Doubles a) { return (Doubles)_mm512_maskz_sqrt_pd(0xff, (__m512d)a); }
inline Floats root(Floats a) { return (Floats)_mm512_maskz_sqrt_ps(0xffff, (__m512)a); }
inline Doubles fused(Doubles a, Doubles b, Doubles c) { return (Doubles)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }
inline Floats fused(Floats a, Floats b, Floats c) { return (Floats)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
inline Doubles drained(Doubles a, Doubles b, Doubles c) { return (Doubles)_mm512_fnmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }
inline Floats drained(Floats a, Floats b, Floats c) { return (Floats)_mm512_fnmadd_ps((__m512)a, (__m512)b, (__m512)c); }
inline DoubleMask above(Doubles a, Doubles b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_GT_OQ); }
inline FloatMask above(Floats a, Floats b) { return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_GT_OQ); }
inline Doubles select(DoubleMask m, Doubles a, Doubles b) { return (Doubles)_mm512_mask_blend_pd(m, (__m512d)b, (__m512d)a); }
inline Floats select(FloatMask m, Floats a, Floats b) { return (Floats)_mm512_mask_blend_ps(m, (__m512)b, (__m512)a); }
inline Doubles magnitude(Doubles a) { return (Doubles)_mm512_abs_pd((__m512d)a); }
inline Floats magnitude(Floats a) { return (Floats)_mm512_abs_ps((__m512)a); }
inline Doubles lesser(Doubles a, Doubles b) { return (Doubles)_mm512_maskz_min_pd(0xff, (__m512d)a, (__m512d)b); }
inline Floats lesser(Floats a, Floats b) { return (Floats)_mm512_maskz_min_ps(0xffff, (__m512)a, (__m512)b); }
inline Doubles greater(Doubles a, Doubles b) { return (Doubles)_mm512_maskz_max_pd(0xff, (__m512d)a, (__m512d)b); }
inline Floats greater(Floats a, Floats b) { return (Floats)_mm512_maskz_max_ps(0xffff, (__m512)a, (__m512)b); }
inline bool any(DoubleMask m) { return m != 0; }
inline bool any(FloatMask m) { return m != 0; }
#else
using DoubleMask = decltype(Doubles{} > Doubles{});
using FloatMask = decltype(Floats{} > Floats{});
#if defined(__AVX__)
inline Doubles root(Doubles a) { return (Doubles)_mm256_sqrt_pd((__m256d)a); }
inline Floats root(Floats a) { return (Floats)_mm256_sqrt_ps((__m256)a); }
#elif defined(__SSE2__)
inline Doubles root(Doubles a) { return (Doubles)_mm_sqrt_pd((__m128d)a); }
inline Floats root(Floats a) { return (Floats)_mm_sqrt_ps((__m128)a); }
#else
template <typename V>
inline V root(V a) {
  for (unsigned k = 0; k < sizeof(V) / sizeof(a[0]); ++k) a[k] = static_cast<decltype(+a[0])>(__builtin_sqrt(a[k]));
  return a;
}
#endif
#if defined(__FMA__)
inline Doubles fused(Doubles a, Doubles b, Doubles c) { return (Doubles)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }
inline Floats fused(Floats a, Floats b, Floats c) { return (Floats)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
inline Doubles drained(Doubles a, Doubles b, Doubles c) { return (Doubles)_mm256_fnmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }
inline Floats drained(Floats a, Floats b, Floats c) { return (Floats)_mm256_fnmadd_ps((__m256)a, (__m256)b, (__m256)c); }
#else
template <typename V>
inline V fused(V a, V b, V c) { return a * b + c; }
template <typename V>
inline V drained(V a, V b, V c) { return c - a * b; }
#endif
template <typename V>
inline auto above(V a, V b) { return a > b; }
#if defined(__AVX__)
// A mask's lanes are all ones or all zeros, so that its sign bits alone choose.
inline Doubles select(DoubleMask m, Doubles a, Doubles b) { return (Doubles)_mm256_blendv_pd((__m256d)b, (__m256d)a, (__m256d)m); }
inline Floats select(FloatMask m, Floats a, Floats b) { return (Floats)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)m); }
inline Doubles magnitude(Doubles a) { return (Doubles)_mm256_andnot_pd(_mm256_set1_pd(-0.0), (__m256d)a); }
inline Floats magnitude(Floats a) { return (Floats)_mm256_andnot_ps(_mm256_set1_ps(-0.0f), (__m256)a); }
inline Doubles lesser(Doubles a, Doubles b) { return (Doubles)_mm256_min_pd((__m256d)a, (__m256d)b); }
inline Floats lesser(Floats a, Floats b) { return (Floats)_mm256_min_ps((__m256)a, (__m256)b); }
inline Doubles greater(Doubles a, Doubles b) { return (Doubles)_mm256_max_pd((__m256d)a, (__m256d)b); }
inline Floats greater(Floats a, Floats b) { return (Floats)_mm256_max_ps((__m256)a, (__m256)b); }
inline bool any(DoubleMask m) { return _mm256_movemask_pd((__m256d)m) != 0; }
inline bool any(FloatMask m) { return _mm256_movemask_ps((__m256)m) != 0; }
#else
template <typename M, typename V>
inline V select(M m, V a, V b) { return m ? a : b; }
template <typename V>
inline V magnitude(V a) { return a < 0 ? -a : a; }
template <typename V>
inline V lesser(V a, V b) { return a < b ? a : b; }
template <typename V>
inline V greater(V a, V b) { return a > b ? a : b; }
template <typename M>
inline bool any(M m) {
  auto found = m[0];
  for (unsigned k = 1; k < sizeof(M) / sizeof(m[0]); ++k) found |= m[k];
  return found != 0;
}
#endif
#endif

template <typename T>
struct MaskOf;
template <>
struct MaskOf<double> {
  using type = DoubleMask;
};
template <>
struct MaskOf<float> {
  using type = FloatMask;
};
template <typename T>
using Mask = typename MaskOf<T>::type;

// Where row i of a lower triangle begins.
inline std::int64_t row_at(std::int64_t i) { return i * (i + 1) / 2; }

// From row to row of a square block: odd, or the rows of even orders would meet in few sets of the cache.
inline std::int64_t row_stride(std::int64_t n) { return n | 1; }

// Memory on cache lines, freed at the end of its scope.
class Space {
 public:
  explicit Space(std::size_t bytes) : at_(static_cast<char*>(::operator new(bytes, std::align_val_t{line_bytes}))) {}
  ~Space() { ::operator delete(at_, std::align_val_t{line_bytes}); }
  Space(const Space&) = delete;
  Space& operator=(const Space&) = delete;

  // The next `count` registers; the caller asked for enough bytes.
  template <typename T>
  typename Lane<T>::stored* take(std::int64_t count) {
    auto* out = reinterpret_cast<typename Lane<T>::stored*>(at_ + used_);
    used_ += static_cast<std::size_t>(count) * register_bytes;
    return out;
  }

 private:
  char* at_;
  std::size_t used_ = 0;
};

}  // namespace erlangen::ERLANGEN_LEVEL
