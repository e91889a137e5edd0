// Sparse (compressed rows) times dense block.
// Definition: out[i, :] = sum_p value[p] * b[index[p], :] over start[i] <= p < start[i + 1], summed in the order of p.
// Convention: the columns are taken in strips of registers; the rows of b, read in no order, are fetched ahead; raw pointers only.
#include "kernels.hpp"
#include "register.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

constexpr int ahead = 16;

// `count` registers of columns of one row; no entry at or after `last` is read.
template <typename T, int count>
inline void strip(std::int64_t from, std::int64_t to, std::int64_t last, std::int64_t columns, const std::int32_t* index, const T* value,
                  const T* b, T* out) {
  using lanes = typename Register<T>::lanes;
  using loose = typename Register<T>::loose;
  lanes sum[count] = {};
  for (std::int64_t p = from; p < to; ++p) {
    const std::int64_t next = p + ahead < last ? p + ahead : last - 1;
    fetch(b + static_cast<std::int64_t>(index[next]) * columns, count * register_bytes);
    const loose* source = reinterpret_cast<const loose*>(b + static_cast<std::int64_t>(index[p]) * columns);
    for (int c = 0; c < count; ++c) sum[c] += value[p] * static_cast<lanes>(source[c]);
  }
#pragma GCC unroll 8
  for (int c = 0; c < count; ++c) reinterpret_cast<loose*>(out)[c] = sum[c];  // unrolled, or the sums would go by the stack
}

template <typename T>
inline T single(std::int64_t from, std::int64_t to, std::int64_t columns, const std::int32_t* index, const T* value, const T* b) {
  T sum = 0;
  for (std::int64_t p = from; p < to; ++p) sum += value[p] * b[static_cast<std::int64_t>(index[p]) * columns];
  return sum;
}

template <typename T>
inline void rows(std::int64_t begin, std::int64_t end, std::int64_t columns, const std::int64_t* start, const std::int32_t* index,
                 const T* value, const T* b, T* out) {
  constexpr int one = Register<T>::wide, two = 2 * one, eight = 8 * one;
  const std::int64_t last = start[end];
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t from = start[i], to = start[i + 1];
    std::int64_t c = 0;
    T* target = out + i * columns;
    for (; c + eight <= columns; c += eight) strip<T, 8>(from, to, last, columns, index, value, b + c, target + c);
    for (; c + two <= columns; c += two) strip<T, 2>(from, to, last, columns, index, value, b + c, target + c);
    for (; c + one <= columns; c += one) strip<T, 1>(from, to, last, columns, index, value, b + c, target + c);
    for (; c < columns; ++c) target[c] = single(from, to, columns, index, value, b + c);
  }
}
}  // namespace

void spmm_rows(std::int64_t begin, std::int64_t end, std::int64_t columns, const std::int64_t* start, const std::int32_t* index,
               const double* value, const double* b, double* out) {
  rows<double>(begin, end, columns, start, index, value, b, out);
}
void spmm_rows(std::int64_t begin, std::int64_t end, std::int64_t columns, const std::int64_t* start, const std::int32_t* index,
               const float* value, const float* b, float* out) {
  rows<float>(begin, end, columns, start, index, value, b, out);
}
}  // namespace erlangen::ERLANGEN_LEVEL
