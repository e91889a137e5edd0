// Triangular solves with many right-hand sides and the sparse product, vectorised over a block of columns.
// Definition: A = (I - N) D (I - N)^T with N >= 0 strictly lower triangular by columns; solves add non-negative terms only.
// Convention: a block is n x 16 doubles, row-major; raw pointers only, no standard templates (their weak symbols would mix instruction sets).
#include "kernels.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

constexpr int width = 16;

// x <- A^{-1} x for one block.
void solve_block(std::int64_t n, const std::int64_t* start, const std::int32_t* row, const double* value, const double* inverse_pivot,
                 double* x) {
  for (std::int64_t j = 0; j < n; ++j) {
    double head[width];
    for (int c = 0; c < width; ++c) head[c] = x[j * width + c];
    for (std::int64_t p = start[j]; p < start[j + 1]; ++p) {
      double* target = x + static_cast<std::int64_t>(row[p]) * width;
      const double v = value[p];
      for (int c = 0; c < width; ++c) target[c] += v * head[c];
    }
  }
  for (std::int64_t j = n - 1; j >= 0; --j) {
    double sum[width];
    const double pivot = inverse_pivot[j];
    for (int c = 0; c < width; ++c) sum[c] = x[j * width + c] * pivot;
    for (std::int64_t p = start[j]; p < start[j + 1]; ++p) {
      const double* source = x + static_cast<std::int64_t>(row[p]) * width;
      const double v = value[p];
      for (int c = 0; c < width; ++c) sum[c] += v * source[c];
    }
    for (int c = 0; c < width; ++c) x[j * width + c] = sum[c];
  }
}
}  // namespace

void m_matrix_solve_block(const FactorView& f, int repeat, const double* scale, double* x) {
  for (int k = 0; k < repeat; ++k) {
    if (scale)
      for (std::int64_t j = 0; j < f.n; ++j)
        for (int c = 0; c < width; ++c) x[j * width + c] *= scale[j];
    solve_block(f.n, f.start, f.row, f.value, f.inverse_pivot, x);
  }
}
}  // namespace erlangen::ERLANGEN_LEVEL
