// The test that matrices are symmetric positive definite beyond doubt, before means are taken of them.
// Definition: barycentres.hpp; the twin is linalg.spd.check_spd.
// Convention: matrices are scaled by powers of two; lanes without one hold the identity.
#include "barycentres.hpp"

#include "kernels.hpp"
#include "lanes/cholesky.hpp"
#include "lanes/eigen.hpp"

namespace erlangen::ERLANGEN_LEVEL {

void plain_range(std::int64_t begin, std::int64_t end, int n, const double* a, std::int8_t* status) {
  constexpr int wide = Lane<double>::wide;
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  Space space(static_cast<std::size_t>(row_at(n) + n * row_stride(n)) * register_bytes);
  FactorStored *tri = space.take<double>(row_at(n)), *factor = space.take<double>(n * row_stride(n));
  int exponent[wide];
  bool bad[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    load<double>(n, count, a + at * size, tri, exponent, bad);
    for (int k = 0; k < wide; ++k)
      for (int i = 0; i < n && (k >= count || bad[k]); ++i) tri[row_at(i) + i][k] = 1;
    Mask<double> slight;
    const Mask<double> broken = cholesky(n, tri, factor, slight);
    const FactorLanes doubt = select(broken | slight, all<double>(1), all<double>(0));
    for (int k = 0; k < count; ++k) status[at + k] = bad[k] ? 1 : doubt[k] != 0 || asymmetric(n, a + (at + k) * size) ? 4 : 0;
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
