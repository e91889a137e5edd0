// Sparse bilinear products and their derivatives: what the kernels of every instruction set offer.
// Definition: z_k = sum c x_i y_j as a straight-line program: products q = x_i y_j, butterflies (q_a, q_b) -> (q_a + q_b, q_a - q_b),
// sums z_k = sum c q; the gradient is the program transposed.
// Convention: arrays are C-contiguous; ranges are half-open; a segment is what is kept in the nearest cache at a time.
#pragma once

#include <cstdint>

namespace erlangen {

// Sums over the same sources stand together as a block of `width` targets: group g has count[g] blocks of width[g]; a block has length[b]
// sources and for each of them `width` values; it is added to the targets, or (fresh) written.
template <typename T>
struct SumTable {
  int groups;
  const std::int32_t *width, *count, *fresh, *length, *target, *source;
  const T* value;
};

// Group g has count[g] sums of length[g] terms: target += sum left[l] right[r].
struct PairTable {
  int groups;
  const std::int32_t *length, *count, *fresh, *target, *left, *right;
};

// The slots of a segment: first four for each quad (x_i y_j + x_i' y_j', the difference, x_i y_j' + x_i' y_j, the difference), then single
// products, then those that are an output by themselves up to a number.
template <typename T>
struct SegmentView {
  int quads, products, direct, butterflies;
  const std::int32_t *i, *j, *a, *b, *direct_k;
  const T* direct_value;
  SumTable<T> outputs;   // z_k from slots
  SumTable<T> adjoints;  // slots from the cotangent of z
  PairTable to_x, to_y;  // cotangents of x_i from slots and y_j, of y_j from slots and x_i
};

template <typename T>
struct ProgramView {
  std::int64_t d1, d2, d3, slots;
  int segments;
  const SegmentView<T>* segment;
};

// z = B(x, y), plus B(x2, y2) where x2 is given. With channels: x (n, d1, c), y (n, d2, c) or, shared by the channels, (n, d2).
template <typename T>
struct BilinearForward {
  std::int64_t channels;
  bool shared;
  const T *x, *y, *x2, *y2;
  T* z;
};

// The cotangents of x and y (either may be null) from that of z.
template <typename T>
struct BilinearBackward {
  std::int64_t channels;
  bool shared;
  const T *z, *x, *y;
  T *to_x, *to_y;
};

constexpr std::int64_t bilinear_share = 512;  // rows (times channels) handed out at a time, whatever the threads

#define ERLANGEN_BILINEAR_KERNELS(level)                                                                                     \
  namespace level {                                                                                                          \
  void bilinear_forward_range(std::int64_t begin, std::int64_t end, const ProgramView<double>& p, BilinearForward<double> f); \
  void bilinear_forward_range(std::int64_t begin, std::int64_t end, const ProgramView<float>& p, BilinearForward<float> f);   \
  void bilinear_backward_range(std::int64_t begin, std::int64_t end, const ProgramView<double>& p,                           \
                               BilinearBackward<double> f);                                                                  \
  void bilinear_backward_range(std::int64_t begin, std::int64_t end, const ProgramView<float>& p, BilinearBackward<float> f); \
  }

ERLANGEN_BILINEAR_KERNELS(baseline)
ERLANGEN_BILINEAR_KERNELS(avx2)
ERLANGEN_BILINEAR_KERNELS(avx512)

}  // namespace erlangen
