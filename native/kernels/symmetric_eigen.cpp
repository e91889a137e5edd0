// Eigenvalues and eigenvectors of small symmetric matrices.
// Definition: A = V diag(values) V^T, values ascending; see lanes/eigen.hpp.
// Convention: the lower triangle is read; status 1 is a matrix that is not finite (also in its upper half), 2 one that did not converge.
#include "kernels.hpp"
#include "lanes/eigen.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

template <typename T>
inline void write(int n, int lane, int exponent, const EigenSpace<T>& s, T* values, T* vectors) {
  constexpr int wide = Lane<T>::wide;
  int order[most_order];
  const T* d = reinterpret_cast<const T*>(s.d) + lane;
  ascending<T>(n, d, wide, order);
  const PowerOfTwo<T> scale(exponent);
  for (int k = 0; k < n; ++k) values[k] = scale(d[static_cast<std::int64_t>(order[k]) * wide]);
  if (!vectors) return;
  const T* z = reinterpret_cast<const T*>(s.z) + lane;
  for (int k = 0; k < n; ++k) {
    const T* row = z + order[k] * row_stride(n) * wide;
    for (int r = 0; r < n; ++r) vectors[static_cast<std::int64_t>(r) * n + k] = row[static_cast<std::int64_t>(r) * wide];
  }
}

template <typename T, bool with>
inline void blocks(std::int64_t begin, std::int64_t end, int n, const T* a, T* values, T* vectors, std::int8_t* status) {
  constexpr int wide = Lane<T>::wide;
  Space space(static_cast<std::size_t>(EigenSpace<T>::registers(n, with)) * register_bytes);
  EigenSpace<T> s(space, n, with);
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  int exponent[wide];
  bool bad[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    load<T>(n, count, a + at * size, s.tri, exponent, bad);
    diagonalise<T, with>(n, s);
    for (int k = 0; k < count; ++k) {
      status[at + k] = bad[k] ? 1 : s.failed[k] ? 2 : 0;
      write<T>(n, k, exponent[k], s, values + (at + k) * n, with ? vectors + (at + k) * size : nullptr);
    }
  }
}
}  // namespace

void eigen_range(std::int64_t begin, std::int64_t end, int n, const double* a, double* values, double* vectors, std::int8_t* status) {
  vectors ? blocks<double, true>(begin, end, n, a, values, vectors, status)
          : blocks<double, false>(begin, end, n, a, values, vectors, status);
}
void eigen_range(std::int64_t begin, std::int64_t end, int n, const float* a, float* values, float* vectors, std::int8_t* status) {
  vectors ? blocks<float, true>(begin, end, n, a, values, vectors, status)
          : blocks<float, false>(begin, end, n, a, values, vectors, status);
}
}  // namespace erlangen::ERLANGEN_LEVEL
