// Triangular solves with many right-hand sides, a block of columns at a time.
// Definition: A = (I - N) D (I - N)^T with N >= 0 strictly lower triangular by columns; solves add non-negative terms only.
// Convention: a block is n x 16 doubles, row-major; raw pointers only, no standard templates (their weak symbols would mix instruction sets).
#include "kernels.hpp"
#include "register.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

using lanes = Register<double>::lanes;
using loose = Register<double>::loose;
constexpr int width = block_width, count = width / Register<double>::wide;

// x <- A^{-1} x for one block.
void solve_block(std::int64_t n, const std::int64_t* start, const std::int32_t* row, const double* value, const double* inverse_pivot,
                 double* x) {
  const auto at = [x](std::int64_t j) { return reinterpret_cast<loose*>(x + j * width); };
  for (std::int64_t j = 0; j < n; ++j) {
    lanes head[count];
    for (int c = 0; c < count; ++c) head[c] = at(j)[c];
    for (std::int64_t p = start[j]; p < start[j + 1]; ++p) {
      loose* target = at(row[p]);
      for (int c = 0; c < count; ++c) target[c] = static_cast<lanes>(target[c]) + value[p] * head[c];
    }
  }
  for (std::int64_t j = n - 1; j >= 0; --j) {
    lanes sum[count];
    for (int c = 0; c < count; ++c) sum[c] = static_cast<lanes>(at(j)[c]) * inverse_pivot[j];
    for (std::int64_t p = start[j]; p < start[j + 1]; ++p)
      for (int c = 0; c < count; ++c) sum[c] += value[p] * static_cast<lanes>(at(row[p])[c]);
    for (int c = 0; c < count; ++c) at(j)[c] = sum[c];
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
