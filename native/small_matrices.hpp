// Dense algebra of one small matrix, for the steps between two passes over many.
// Definition: products, the inverse of a lower triangular matrix, and rows turned until they are orthogonal (one-sided Jacobi: Hestenes 1958).
// Convention: row-major, order n; plain loops, since one matrix is little beside the many.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace erlangen {

using Matrix = std::vector<double>;

inline double dot(std::size_t n, const double* a, const double* b) {
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += a[k] * b[k];
  return sum;
}

inline double frobenius(const Matrix& a) { return std::sqrt(dot(a.size(), a.data(), a.data())); }

// out = A B.
inline void multiply(int n, const Matrix& A, const Matrix& B, Matrix& out) {
  std::fill(out.begin(), out.end(), 0.0);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) {
      const double a = A[i * n + k];
      for (int j = 0; j < n; ++j) out[i * n + j] += a * B[k * n + j];
    }
}

// out = A^T B.
inline void multiply_transposed(int n, const Matrix& A, const Matrix& B, Matrix& out) {
  std::fill(out.begin(), out.end(), 0.0);
  for (int k = 0; k < n; ++k)
    for (int i = 0; i < n; ++i) {
      const double a = A[k * n + i];
      for (int j = 0; j < n; ++j) out[i * n + j] += a * B[k * n + j];
    }
}

// V diag(d) V^T.
inline void image_of(int n, const Matrix& vectors, const double* d, Matrix& out) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) {
      double sum = 0;
      for (int k = 0; k < n; ++k) sum += vectors[i * n + k] * d[k] * vectors[j * n + k];
      out[i * n + j] = out[j * n + i] = sum;
    }
}

inline void invert_lower(int n, const Matrix& L, Matrix& out) {
  std::fill(out.begin(), out.end(), 0.0);
  for (int j = 0; j < n; ++j)
    for (int i = j; i < n; ++i) {
      double sum = i == j;
      for (int k = j; k < i; ++k) sum -= L[i * n + k] * out[k * n + j];
      out[i * n + j] = sum / L[i * n + i];
    }
}

// Turn the rows of A from the left until they are orthogonal, and order them by ascending length.
inline void orthogonalise_rows(int n, Matrix& A) {
  constexpr int most_rounds = 40;
  const double noise = n * std::numeric_limits<double>::epsilon();
  bool skew = true;
  for (int round = 0; round < most_rounds && skew; ++round) {
    skew = false;
    for (int p = 0; p < n; ++p)
      for (int q = p + 1; q < n; ++q) {
        double *x = A.data() + p * n, *y = A.data() + q * n;
        const double a = dot(n, x, x), b = dot(n, y, y), c = dot(n, x, y);
        if (!(std::abs(c) > noise * std::sqrt(a) * std::sqrt(b))) continue;
        skew = true;
        const double slope = (b - a) / (2 * c), tangent = 1 / (slope + std::copysign(std::hypot(slope, 1.0), slope));
        const double cosine = 1 / std::sqrt(tangent * tangent + 1), sine = cosine * tangent;
        for (int k = 0; k < n; ++k) {
          const double u = x[k], v = y[k];
          x[k] = cosine * u - sine * v, y[k] = sine * u + cosine * v;
        }
      }
  }
  std::vector<int> order(n);
  std::vector<double> size(n);
  std::iota(order.begin(), order.end(), 0);
  for (int i = 0; i < n; ++i) size[i] = dot(n, A.data() + i * n, A.data() + i * n);
  std::stable_sort(order.begin(), order.end(), [&](int i, int j) { return size[i] < size[j]; });
  const Matrix held = A;
  for (int i = 0; i < n; ++i) std::copy_n(held.data() + order[i] * n, n, A.data() + i * n);
}

}  // namespace erlangen
