// A few matrices of small order at the level of the kernels, where there are many products beside a batch.
// Definition: products, congruences and decompositions of n x n matrices held in vectors, row-major.
// Convention: products run at the level of the kernels; a decomposition that did not end, or has values that are not positive, says false.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "dispatch.hpp"
#include "small_matrices.hpp"

namespace erlangen {

struct EigenPairs {
  Matrix values, vectors;  // ascending; columns
  bool singular(double least) const { return !(values.front() > least * values.back()); }
};

class LevelledMatrices {
 public:
  LevelledMatrices(int n, const std::string& level) : n(n), level_(level) {}
  const int n;

  Matrix product(const Matrix& a, const Matrix& b) const {
    Matrix out(a.size());
    ERLANGEN_DISPATCH(level_, small_product(n, a.data(), b.data(), out.data()));
    return out;
  }
  Matrix turned(const Matrix& a) const {
    Matrix out(a.size());
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) out[j * n + i] = a[i * n + j];
    return out;
  }
  // (A + A^T) / 2.
  Matrix symmetric(const double* a) const {
    Matrix out(static_cast<std::size_t>(n) * n);
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) out[i * n + j] = 0.5 * a[i * n + j] + 0.5 * a[j * n + i];
    return out;
  }
  // A A^T.
  Matrix square(const Matrix& a) const { return product(a, turned(a)); }
  // B A B^T, symmetric.
  Matrix congruence(const Matrix& b, const Matrix& a) const { return symmetric(product(product(b, a), turned(b)).data()); }
  // diag(f) A, and A diag(f).
  Matrix rows(const Matrix& f, Matrix a) const {
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) a[i * n + j] *= f[i];
    return a;
  }
  Matrix columns(Matrix a, const Matrix& f) const {
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) a[i * n + j] *= f[j];
    return a;
  }
  // V diag(f) V^T.
  Matrix image(const Matrix& V, const Matrix& f) const { return symmetric(product(columns(V, f), turned(V)).data()); }

  // Eigenpairs of symmetric matrices, all at once.
  bool decompose(const std::vector<const Matrix*>& matrices, std::vector<EigenPairs>& pairs) const {
    const std::size_t size = static_cast<std::size_t>(n) * n, count = matrices.size();
    Matrix stacked, values(count * n), vectors(count * size);
    for (const Matrix* a : matrices) stacked.insert(stacked.end(), a->begin(), a->end());
    std::vector<std::int8_t> status(count);
    ERLANGEN_DISPATCH(level_, eigen_range(0, static_cast<std::int64_t>(count), n, stacked.data(), values.data(), vectors.data(), status.data()));
    pairs.clear();
    for (std::size_t k = 0; k < count; ++k) {
      pairs.push_back({Matrix(values.begin() + k * n, values.begin() + (k + 1) * n),
                       Matrix(vectors.begin() + k * size, vectors.begin() + (k + 1) * size)});
      if (status[k] != 0 || !(pairs.back().values.front() > 0)) return false;
    }
    return true;
  }

 private:
  const std::string& level_;
};

inline Matrix roots(Matrix values) {
  for (double& x : values) x = std::sqrt(x);
  return values;
}
inline Matrix inverses(Matrix values) {
  for (double& x : values) x = 1 / x;
  return values;
}

}  // namespace erlangen
