// Sparse (compressed rows) times dense block.
// Definition: out[i, :] = sum_p value[p] * b[index[p], :] over start[i] <= p < start[i + 1].
// Convention: the columns are taken in strips that stay in registers; raw pointers only.
#include "kernels.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

template <typename T, int strip>
inline void row_strip(std::int64_t from, std::int64_t to, std::int64_t columns, const std::int32_t* index, const T* value, const T* b,
                      T* out) {
  T sum[strip] = {};
  for (std::int64_t p = from; p < to; ++p) {
    const T v = value[p];
    const T* source = b + static_cast<std::int64_t>(index[p]) * columns;
    for (int c = 0; c < strip; ++c) sum[c] += v * source[c];
  }
  for (int c = 0; c < strip; ++c) out[c] = sum[c];
}

template <typename T>
inline void rows(std::int64_t begin, std::int64_t end, std::int64_t columns, const std::int64_t* start, const std::int32_t* index,
                 const T* value, const T* b, T* out) {
  for (std::int64_t i = begin; i < end; ++i) {
    std::int64_t c = 0;
    T* target = out + i * columns;
    for (; c + 64 <= columns; c += 64) row_strip<T, 64>(start[i], start[i + 1], columns, index, value, b + c, target + c);
    for (; c + 16 <= columns; c += 16) row_strip<T, 16>(start[i], start[i + 1], columns, index, value, b + c, target + c);
    for (; c + 4 <= columns; c += 4) row_strip<T, 4>(start[i], start[i + 1], columns, index, value, b + c, target + c);
    for (; c < columns; ++c) row_strip<T, 1>(start[i], start[i + 1], columns, index, value, b + c, target + c);
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
