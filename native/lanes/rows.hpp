// Lanes to rows and back: a component in each register, a point in each lane, against points in rows.
// Definition: among B registers, each stage exchanges one bit of the register's number with the same bit of the lane's.
// Convention: included by the files of kernels/ only; B is a power of two and at most W.
#pragma once

#include <utility>

#include "lanes/transpose.hpp"

namespace erlangen::ERLANGEN_LEVEL {

#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define ERLANGEN_SHUFFLE(a, b, index) __builtin_shufflevector(a, b, (index)...)
#endif
#endif

// Lane k of the result is lane index(k) of a followed by b.
template <typename V, typename Index, int... k>
inline V picked(V a, V b, Index index, std::integer_sequence<int, k...>) {
#ifdef ERLANGEN_SHUFFLE
  (void)index;
  return ERLANGEN_SHUFFLE(a, b, Index::at(k));
#else
  constexpr int wide = sizeof...(k);
  V out{};
  (void)index;
  ((out[k] = Index::at(k) < wide ? a[Index::at(k)] : b[Index::at(k) - wide]), ...);
  return out;
#endif
}

// Lanes whose number lacks a bit stay in a, those that have it stay in b; the others change places.
template <int wide, int bit>
struct KeptLow {
  static constexpr int at(int k) { return k & bit ? wide + (k ^ bit) : k; }
};
template <int wide, int bit>
struct KeptHigh {
  static constexpr int at(int k) { return k & bit ? wide + k : k ^ bit; }
};
// The index, repeated in every piece of 128 bits of two registers.
template <int wide, int... index>
struct InPieces {
  static constexpr int at(int k) {
    constexpr int chosen[] = {index...}, piece = sizeof...(index);
    const int from = chosen[k % piece];
    return k / piece * piece + from % piece + (from < piece ? 0 : wide);
  }
};

template <typename T, typename Index>
inline typename Lane<T>::lanes pick(typename Lane<T>::lanes a, typename Lane<T>::lanes b) {
  return picked(a, b, Index{}, std::make_integer_sequence<int, Lane<T>::wide>{});
}

// Lane h B + c of register r goes to lane h B + r of register c.
template <typename T, int B, int bit = 1>
__attribute__((always_inline)) inline void exchange(typename Lane<T>::lanes (&a)[B]) {
  constexpr int wide = Lane<T>::wide;
  if constexpr (bit < B) {
#pragma GCC unroll 16
    for (int r = 0; r < B; ++r) {
      if (r & bit) continue;
      const typename Lane<T>::lanes low = a[r], high = a[r | bit];
      a[r] = pick<T, KeptLow<wide, bit>>(low, high);
      a[r | bit] = pick<T, KeptHigh<wide, bit>>(low, high);
    }
    exchange<T, B, 2 * bit>(a);
  }
}

// One block of B components: rows `stride` apart in memory; part h of register r is point h B + r.
template <typename T, int B>
__attribute__((always_inline)) inline void write_block(const typename Lane<T>::stored* tile, T* out, std::int64_t stride) {
  typename Lane<T>::lanes a[B];
#pragma GCC unroll 16
  for (int r = 0; r < B; ++r) a[r] = tile[r];
  exchange<T, B>(a);
#pragma GCC unroll 16
  for (int h = 0; h < Lane<T>::wide / B; ++h)
#pragma GCC unroll 16
    for (int r = 0; r < B; ++r) __builtin_memcpy(out + (h * B + r) * stride, reinterpret_cast<const T*>(&a[r]) + h * B, B * sizeof(T));
}

template <typename T, int B>
inline void read_block(const T* rows, std::int64_t stride, typename Lane<T>::stored* tile) {
  typename Lane<T>::lanes a[B];
#pragma GCC unroll 16
  for (int r = 0; r < B; ++r)
#pragma GCC unroll 16
    for (int h = 0; h < Lane<T>::wide / B; ++h)
      __builtin_memcpy(reinterpret_cast<T*>(&a[r]) + h * B, rows + (h * B + r) * stride, B * sizeof(T));
  exchange<T, B>(a);
#pragma GCC unroll 16
  for (int r = 0; r < B; ++r) tile[r] = a[r];
}

// A tile of `count` >= B components; the last block overlaps the one before rather than overrun the row.
template <typename T, int B>
__attribute__((always_inline)) inline void write_blocks(int count, const typename Lane<T>::stored* tile, T* out, std::int64_t stride) {
  int at = 0;
  for (; at + B <= count; at += B) write_block<T, B>(tile + at, out + at, stride);
  if (at < count) write_block<T, B>(tile + count - B, out + count - B, stride);
}

template <typename T, int B>
inline void read_blocks(int count, const T* rows, std::int64_t stride, typename Lane<T>::stored* tile) {
  int at = 0;
  for (; at + B <= count; at += B) read_block<T, B>(rows + at, stride, tile + at);
  if (at < count) read_block<T, B>(rows + count - B, stride, tile + count - B);
}

// The largest block: with registers of 256 bits those of half a register, for exchanges between halves take longer than stores of each.
template <typename T>
constexpr int most_block() {
  return register_bytes == 32 ? Piece<T>::wide : Lane<T>::wide;
}

// W rows of `count` numbers, `stride` apart, from a tile and into one.
template <typename T>
inline void write_tile(int count, const typename Lane<T>::stored* tile, T* out, std::int64_t stride) {
  constexpr int wide = Lane<T>::wide, most = most_block<T>();
  if constexpr (most >= 16)
    if (count >= 16) return write_blocks<T, 16>(count, tile, out, stride);
  if constexpr (most >= 8)
    if (count >= 8) return write_blocks<T, 8>(count, tile, out, stride);
  if constexpr (most >= 4)
    if (count >= 4) return write_blocks<T, 4>(count, tile, out, stride);
  if (count >= 2) return write_blocks<T, 2>(count, tile, out, stride);
  for (int k = 0; k < wide; ++k) out[k * stride] = tile[0][k];
}

// The same in the place of its call, where the number of components is known.
template <typename T, int count>
__attribute__((always_inline)) inline void write_rows(const typename Lane<T>::stored* tile, T* out, std::int64_t stride) {
  constexpr int block = count < most_block<T>() ? (count >= 4 ? 4 : 2) : most_block<T>();
  if constexpr (count == 1)
    write_tile<T>(1, tile, out, stride);
  else
    write_blocks<T, block>(count, tile, out, stride);
}

template <typename T>
inline void read_tile(int count, const T* rows, std::int64_t stride, typename Lane<T>::stored* tile) {
  constexpr int wide = Lane<T>::wide, most = most_block<T>();
  if constexpr (most >= 16)
    if (count >= 16) return read_blocks<T, 16>(count, rows, stride, tile);
  if constexpr (most >= 8)
    if (count >= 8) return read_blocks<T, 8>(count, rows, stride, tile);
  if constexpr (most >= 4)
    if (count >= 4) return read_blocks<T, 4>(count, rows, stride, tile);
  if (count >= 2) return read_blocks<T, 2>(count, rows, stride, tile);
  for (int k = 0; k < wide; ++k) tile[0][k] = rows[k * stride];
}

// Whole registers to aligned memory, past the caches: for results larger than these, which would be read before they are written.
template <typename T>
inline void stream(const typename Lane<T>::stored* from, std::int64_t count, T* out) {
  for (std::int64_t k = 0; k < count; ++k) {
    T* to = out + k * Lane<T>::wide;
#if defined(__AVX512F__)
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to), (__m512i)from[k]);
#elif defined(__AVX__)
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to), (__m256i)from[k]);
#elif defined(__SSE2__)
    _mm_stream_si128(reinterpret_cast<__m128i*>(to), (__m128i)from[k]);
#else
    __builtin_memcpy(to, from + k, register_bytes);
#endif
  }
}

// Make streamed memory seen by other threads.
inline void stream_end() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

// W vectors (x, y, z) in memory, one after another.
inline void read_vectors(const float* v, Floats& x, Floats& y, Floats& z) {
  constexpr int wide = Lane<float>::wide;
  const Floats a = side_by_side(v, 12), b = side_by_side(v + 4, 12), c = side_by_side(v + 8, 12);  // xyzx, yzxy, zxyz
  const Floats early = pick<float, InPieces<wide, 1, 2, 4, 5>>(a, b), late = pick<float, InPieces<wide, 2, 3, 5, 6>>(b, c);  // yzyz, xyxy
  x = pick<float, InPieces<wide, 0, 3, 4, 6>>(a, late);
  y = pick<float, InPieces<wide, 0, 2, 5, 7>>(early, late);
  z = pick<float, InPieces<wide, 1, 3, 4, 7>>(early, c);
}
inline void read_vectors(const double* v, Doubles& x, Doubles& y, Doubles& z) {
  constexpr int wide = Lane<double>::wide;
  const Doubles a = side_by_side(v, 6), b = side_by_side(v + 2, 6), c = side_by_side(v + 4, 6);  // xy, zx, yz
  x = pick<double, InPieces<wide, 0, 3>>(a, b);
  y = pick<double, InPieces<wide, 1, 2>>(a, c);
  z = pick<double, InPieces<wide, 0, 3>>(b, c);
}

}  // namespace erlangen::ERLANGEN_LEVEL
