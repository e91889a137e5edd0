// Eigenvalues and eigenvectors of one block of matrices in lanes.
// Definition: scale by a power of two, reduce to tridiagonal form, iterate; rows of z end as eigenvectors.
// Convention: the values are unordered and of the scaled matrix; order, scale and layout are settled when they are written out.
#pragma once

#include "kernels.hpp"
#include "lanes/implicit_ql.hpp"
#include "lanes/rotations.hpp"
#include "lanes/transpose.hpp"
#include "lanes/tridiagonal.hpp"

namespace erlangen::ERLANGEN_LEVEL {

constexpr int most_sweeps = 8;  // rotations of so many sweeps are gathered before they are applied

// Working memory of one block of order n.
template <typename T>
struct EigenSpace {
  typename Lane<T>::stored *tri, *z, *d, *e, *tau, *work, *turns;
  bool failed[Lane<T>::wide];

  static std::int64_t registers(std::int64_t n, bool vectors) {
    return row_at(n) + 5 * n + (vectors ? n * row_stride(n) + 2 * most_sweeps * n : 0) + 8;
  }
  EigenSpace(Space& space, std::int64_t n, bool vectors)
      : tri(space.take<T>(row_at(n))),
        z(vectors ? space.take<T>(n * row_stride(n)) : nullptr),
        d(space.take<T>(n)),
        e(space.take<T>(n)),
        tau(space.take<T>(n)),
        work(space.take<T>(2 * n)),
        turns(vectors ? space.take<T>(2 * most_sweeps * n) : nullptr) {}
};

// Diagonalise what lies in s.tri: values in s.d, and with `vectors` the eigenvector of d[k] in row k of s.z (rows row_stride(n) apart).
template <typename T, bool vectors>
inline void diagonalise(int n, EigenSpace<T>& s) {
  for (bool& f : s.failed) f = false;
  tridiagonalise<T>(n, s.tri, s.d, s.e, s.tau, s.work);
  if (!vectors) {
    bool* failed = s.failed;
    return values_by_squares<T, 1>(n, &s.d, &s.e, &failed);
  }
  form_rows<T>(n, s.tri, s.tau, s.z);
  Blocks<T> blocks{};
  Sweep<T> sweeps[most_sweeps];
  const int gather = n <= 48 ? 2 : most_sweeps;
  int held = 0;
  for (int sweep = 0; locate<T, false>(n, s.d, s.e, blocks); ++sweep) {
    if (sweep == sweeps_per_value * n) {
      for (int k = 0; k < Lane<T>::wide; ++k) s.failed[k] = blocks.first[k] < static_cast<T>(n);
      break;
    }
    typename Lane<T>::stored* turn = s.turns + static_cast<std::int64_t>(held) * 2 * n;
    sweep_rotations<T>(n, blocks, s.d, s.e, turn);
    sweeps[held++] = {blocks.low, blocks.high, turn};
    if (held == gather) apply_sweeps<T>(held, sweeps, n, s.z), held = 0;
  }
  apply_sweeps<T>(held, sweeps, n, s.z);
}

// Largest magnitude of the entries of one matrix, or infinity where one is not finite.
template <typename T>
inline T largest(const T* a, std::int64_t size) {
  using lanes = typename Lane<T>::lanes;
  using loose = typename Register<T>::loose;
  constexpr int wide = Lane<T>::wide;
  lanes top = all<T>(0);
  std::int64_t i = 0;
  const lanes infinite = all<T>(Limits<T>::infinity);
  for (; i + wide <= size; i += wide) {
    const lanes x = magnitude(lanes(*reinterpret_cast<const loose*>(a + i))), finite = select(above(infinite, x), x, infinite);
    top = select(above(finite, top), finite, top);
  }
  T out = 0;
  for (int k = 0; k < wide; ++k) out = top[k] > out ? top[k] : out;
  for (; i < size; ++i) {
    const T x = a[i] < 0 ? -a[i] : a[i];
    if (!(x < Limits<T>::infinity)) return Limits<T>::infinity;
    out = x > out ? x : out;
  }
  return out;
}

// 2^exponent; written as bits where it is a normal number.
inline double power_of_two(int exponent) {
  constexpr int bias = 1023, mantissa = 52;
  if (exponent <= -bias || exponent > bias) return __builtin_ldexp(1.0, exponent);
  return __builtin_bit_cast(double, static_cast<std::uint64_t>(exponent + bias) << mantissa);
}

// 2^exponent as two factors, so that neither leaves the range of numbers.
template <typename T>
struct PowerOfTwo {
  T one, other;
  explicit PowerOfTwo(int exponent) : one(static_cast<T>(power_of_two(exponent / 2))),
                                      other(static_cast<T>(power_of_two(exponent - exponent / 2))) {}
  T operator()(T x) const { return x * one * other; }
};

// Exponent e with 2^(e-1) <= top < 2^e; 0 for zero, and for what is not finite.
template <typename T>
inline int exponent_of(T top) {
  int e = 0;
  if (top > 0 && top < Limits<T>::infinity) __builtin_frexp(static_cast<double>(top), &e);
  return e;
}

// Load `count` matrices into the lanes, each scaled to largest entry in [1/2, 1), where put(i, j, x) says for the lower triangle what goes
// where; lanes without a matrix, or with one that is not finite, hold zero. exponent[k] tells the scale, bad[k] what is not finite.
template <typename T, typename Put>
inline void load_lanes(int n, int count, const T* a, int* exponent, bool* bad, Put&& put) {
  using lanes = typename Lane<T>::lanes;
  constexpr int wide = Lane<T>::wide, piece = Piece<T>::wide;
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  const T* from[wide];
  lanes one, other;
  bool blank = false;
  for (int k = 0; k < wide; ++k) {
    const T top = k < count ? largest<T>(a + k * size, size) : T(0);
    bad[k] = !(top < Limits<T>::infinity);
    exponent[k] = exponent_of<T>(top);
    const PowerOfTwo<T> scale(-exponent[k]);
    one[k] = scale.one, other[k] = scale.other;
    from[k] = k < count && !bad[k] ? a + k * size : nullptr;
    blank |= !from[k];
  }
  for (int i = 0; i < n; ++i) {
    const std::int64_t row = static_cast<std::int64_t>(i) * n;
    int j = 0;
    for (; !blank && j + piece <= i + 1; j += piece) {
      lanes x[piece];
      columns(a, size, row + j, x);
#pragma GCC unroll 4
      for (int q = 0; q < piece; ++q) put(i, j + q, x[q] * one * other);
    }
    for (; j <= i; ++j) {
      lanes x;
      for (int k = 0; k < wide; ++k) x[k] = from[k] ? from[k][row + j] : T(0);
      put(i, j, x * one * other);
    }
  }
}

// The lower triangles by rows.
template <typename T>
inline void load(int n, int count, const T* a, typename Lane<T>::stored* tri, int* exponent, bool* bad) {
  load_lanes<T>(n, count, a, exponent, bad, [=](int i, int j, typename Lane<T>::lanes x) { tri[row_at(i) + j] = x; });
}

// The whole symmetric matrices, rows row_stride(n) apart.
template <typename T>
inline void load_full(int n, int count, const T* a, typename Lane<T>::stored* full, int* exponent, bool* bad) {
  const std::int64_t stride = row_stride(n);
  load_lanes<T>(n, count, a, exponent, bad,
                [=](int i, int j, typename Lane<T>::lanes x) { full[i * stride + j] = full[j * stride + i] = x; });
}

// Scale each lane of a triangle to largest entry in [1/2, 1) and add what was taken out to its exponent.
template <typename T>
inline void rescale(int n, typename Lane<T>::stored* tri, int* exponent) {
  using lanes = typename Lane<T>::lanes;
  lanes top = all<T>(0), one, other;
  for (std::int64_t q = 0; q < row_at(n); ++q) {
    const lanes x = magnitude(lanes(tri[q]));
    top = select(above(x, top), x, top);
  }
  for (int k = 0; k < Lane<T>::wide; ++k) {
    const int e = exponent_of<T>(top[k]);
    const PowerOfTwo<T> scale(-e);
    exponent[k] += e;
    one[k] = scale.one, other[k] = scale.other;
  }
  for (std::int64_t q = 0; q < row_at(n); ++q) tri[q] = tri[q] * one * other;
}

// Positions of one lane's values in ascending order.
template <typename T>
inline void ascending(int n, const T* d, int stride, int* order) {
  for (int i = 0; i < n; ++i) {
    const T x = d[static_cast<std::int64_t>(i) * stride];
    int j = i;
    for (; j > 0 && d[static_cast<std::int64_t>(order[j - 1]) * stride] > x; --j) order[j] = order[j - 1];
    order[j] = i;
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
