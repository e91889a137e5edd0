// Squared Bures-Wasserstein distances.
// Definition: A = F F^T, B = E E^T; tr A + tr B - 2 ||E^T F||_*, for close matrices min_O ||F - E O||^2; see the Python twin in linalg/bures_distances.
// Convention: F is Cholesky's where that exists, else V diag(values)^{1/2}; status 1 not finite, 2 not converged, 3 not positive semidefinite, 4 done,
// but not exactly symmetric and safely positive definite (a pivot is below `floor` of its diagonal entry).
#include <algorithm>
#include <vector>

#include "kernels.hpp"
#include "lanes/bidiagonal.hpp"
#include "lanes/cholesky.hpp"
#include "lanes/eigen.hpp"
#include "lanes/factor_products.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

using lanes = Lane<double>::lanes;
using stored = Lane<double>::stored;
constexpr int wide = Lane<double>::wide;
constexpr double close = 1e-3;  // of the traces' sum; below, the gap between the factors is taken

// In the lanes `broken`, replace the factor by V diag(values)^{1/2}; a value below zero by more than rounding is told as status 3.
inline void root_factor(int n, EigenSpace<double>& s, Mask<double> broken, stored* f, std::int8_t* status) {
  const std::int64_t stride = row_stride(n);
  diagonalise<double, true>(n, s);
  const lanes zero = all<double>(0);
  lanes least = zero, most = zero;
  for (int k = 0; k < n; ++k) {
    const lanes x = s.d[k], size = magnitude(x);
    least = select(above(least, x), x, least);
    most = select(above(size, most), size, most);
  }
  const Mask<double> negative = above(-least, most * all<double>(4 * n * Limits<double>::eps)) & broken;
  for (int k = 0; k < wide; ++k)
    if (select(negative, all<double>(1), zero)[k] != 0) status[k] = 3;
    else if (s.failed[k] && status[k] % 4 == 0) status[k] = 2;
  for (int k = 0; k < n; ++k) {
    const lanes x = s.d[k], size = root(select(above(x, zero), x, zero));
    for (int r = 0; r < n; ++r) f[r * stride + k] = select(broken, s.z[k * stride + r] * size, lanes(f[r * stride + k]));
  }
}

inline double trace_of(int n, const double* a) {
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += a[i * (n + 1)];
  return sum;
}

// Load and factor one block; exponent[k] is that of the factor, and true is returned where all factors are triangular.
inline bool factor_block(int n, int count, const double* a, EigenSpace<double>& s, stored* f, int* exponent, std::int8_t* status) {
  bool bad[wide];
  Mask<double> slight;
  lanes even;
  load<double>(n, count, a, s.tri, exponent, bad);
  for (int k = 0; k < wide; ++k) {
    const bool odd = exponent[k] % 2 != 0;
    even[k] = odd ? 0.5 : 1.0;
    exponent[k] = (exponent[k] + odd) / 2;
    status[k] = bad[k] ? 1 : 0;
  }
  for (std::int64_t q = 0; q < row_at(n); ++q) s.tri[q] *= even;
  for (int k = count; k < wide; ++k)
    for (int i = 0; i < n; ++i) s.tri[row_at(i) + i][k] = 1;
  for (int k = 0; k < count; ++k)
    for (int i = 0; bad[k] && i < n; ++i) s.tri[row_at(i) + i][k] = 1;
  const Mask<double> broken = cholesky(n, s.tri, f, slight);
  const lanes doubt = select(slight, all<double>(1), all<double>(0));
  for (int k = 0; k < count; ++k)
    if (!bad[k] && (doubt[k] != 0 || asymmetric(n, a + static_cast<std::int64_t>(k) * n * n))) status[k] = 4;
  if (!any(broken)) return true;
  root_factor(n, s, broken, f, status);
  return false;
}

inline double scaled_back(double x, int exponent) { return PowerOfTwo<double>(exponent)(x); }

// What one range works with.
struct Workplace {
  EigenSpace<double> s;
  BidiagonalSpace<double> narrow, other;
  stored *f[2], *g[2], *e, *o;

  static std::int64_t registers(std::int64_t n) {
    return 6 * n * row_stride(n) + EigenSpace<double>::registers(n, true) + 2 * BidiagonalSpace<double>::registers(n);
  }
  Workplace(Space& space, int n) : s(space, n, true), narrow(space, n), other(space, n) {
    const std::int64_t block = n * row_stride(n);
    for (stored** at : {&f[0], &f[1], &g[0], &g[1], &e, &o}) *at = space.take<double>(block);
  }
};

struct Pair {
  const double *a, *b;
  double* square;
  std::int8_t* status;
};

// The squares of close pairs, one in each lane.
inline void close_block(int n, int count, const Pair* pairs, Workplace& w, std::vector<double>& copies) {
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  copies.resize(2 * wide * size);
  double *a = copies.data(), *b = a + wide * size;
  for (int k = 0; k < count; ++k) std::copy_n(pairs[k].a, size, a + k * size), std::copy_n(pairs[k].b, size, b + k * size);
  int exponent[wide], exponent_b[wide];
  std::int8_t told[wide], told_b[wide];
  const bool triangular = factor_block(n, count, a, w.s, w.f[0], exponent, told);
  const bool triangular_b = factor_block(n, count, b, w.s, w.e, exponent_b, told_b);
  product(triangular_b, triangular, n, Own{w.e, row_stride(n)}, w.f[0], w.g[0]);
  lanes ratio;
  for (int k = 0; k < wide; ++k) ratio[k] = scaled_back(1.0, exponent_b[k] - exponent[k]);
  Mask<double> failed;
  const lanes sum = procrustes_gap(n, w.f[0], w.e, ratio, w.g[0], w.f[1], w.o, failed), lost = select(failed, all<double>(1), all<double>(0));
  for (int k = 0; k < count; ++k) {
    bool same = true;
    for (int i = 0; i < n; ++i) same = same && std::equal(pairs[k].a + i * n, pairs[k].a + i * n + i + 1, pairs[k].b + i * n);
    *pairs[k].square = same ? 0.0 : scaled_back(sum[k], 2 * exponent[k]);
    if (lost[k] != 0 && !same) *pairs[k].status = 2;
  }
}

// Pairs found close, done whenever a block of them is full; `finish` does the rest.
class ClosePairs {
 public:
  ClosePairs(int n, Workplace& w) : n_(n), w_(w) {}
  void add(const Pair& pair) { held_.push_back(pair); }
  void finish() {
    std::vector<double> copies;
    for (std::size_t at = 0; at < held_.size(); at += wide)
      close_block(n_, static_cast<int>(std::min<std::size_t>(wide, held_.size() - at)), held_.data() + at, w_, copies);
  }

 private:
  int n_;
  Workplace& w_;
  std::vector<Pair> held_;
};

// The square of one pair from the nuclear norm of its scaled factors; a close one is kept for later.
inline void settle(const Pair& pair, double total, double nuclear, ClosePairs& later) {
  *pair.square = total - 2 * nuclear;
  if (*pair.square < close * total && (*pair.status == 0 || *pair.status == 4)) later.add(pair);
}
}  // namespace

void bures_common_range(std::int64_t begin, std::int64_t end, int n, int count_b, const double* a, const double* b, double* square,
                        std::int8_t* status, std::int8_t* status_b) {
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  Space space(static_cast<std::size_t>(Workplace::registers(n)) * register_bytes);
  Workplace w(space, n);
  BidiagonalSpace<double>* const spaces[2] = {&w.narrow, &w.other};
  ClosePairs later(n, w);
  std::vector<double> factors(count_b * size), traces(count_b);
  std::vector<int> exponents(count_b);
  std::vector<char> lower(count_b);
  int exponent[2][wide];
  std::int8_t told[2][wide];
  for (int first = 0; first < count_b; first += wide) {
    const int count = std::min(wide, count_b - first);
    const bool triangular = factor_block(n, count, b + first * size, w.s, w.e, exponent[0], told[0]);
    for (int k = 0; k < count; ++k) {
      if (begin == 0) status_b[first + k] = told[0][k];
      exponents[first + k] = exponent[0][k], lower[first + k] = triangular, traces[first + k] = trace_of(n, b + (first + k) * size);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) factors[(first + k) * size + i * n + j] = w.e[i * row_stride(n) + j][k];
    }
  }
  for (std::int64_t at = begin; at < end; at += 2 * wide) {
    const int blocks = end - at > wide ? 2 : 1, rest = static_cast<int>(end - at - wide);
    const int count[2] = {blocks == 2 ? wide : static_cast<int>(end - at), rest < wide ? rest : wide};
    bool triangular[2];
    for (int h = 0; h < blocks; ++h) {
      triangular[h] = factor_block(n, count[h], a + (at + h * wide) * size, w.s, w.f[h], exponent[h], told[h]);
      std::copy_n(told[h], count[h], status + at + h * wide);
    }
    for (int c = 0; c < count_b; ++c) {
      bool failed[2][wide] = {};
      bool* const tell[2] = {failed[0], failed[1]};
      lanes sum[2];
      for (int h = 0; h < blocks; ++h) product(lower[c], triangular[h], n, Common{factors.data() + c * size, n}, w.f[h], w.g[h]);
      if (blocks == 2)
        nuclear_norms<double, 2>(n, w.g, spaces, tell, sum);
      else
        nuclear_norms<double, 1>(n, w.g, spaces, tell, sum);
      for (int h = 0; h < blocks; ++h)
        for (int k = 0; k < count[h]; ++k) {
          const std::int64_t one = at + h * wide + k;
          if (failed[h][k] && status[one] % 4 == 0) status[one] = 2;
          const Pair pair{a + one * size, b + c * size, square + one * count_b + c, status + one};
          settle(pair, trace_of(n, pair.a) + traces[c], scaled_back(sum[h][k], exponent[h][k] + exponents[c]), later);
        }
    }
  }
  later.finish();
}

void bures_paired_range(std::int64_t begin, std::int64_t end, int n, const double* a, const double* b, double* square,
                        std::int8_t* status) {
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  Space space(static_cast<std::size_t>(Workplace::registers(n)) * register_bytes);
  Workplace w(space, n);
  BidiagonalSpace<double>* const one_space = &w.narrow;
  ClosePairs later(n, w);
  int exponent[wide], exponent_b[wide];
  std::int8_t told[wide], told_b[wide];
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = static_cast<int>(end - at < wide ? end - at : wide);
    bool failed[wide] = {};
    bool* const tell = failed;
    const bool triangular = factor_block(n, count, a + at * size, w.s, w.f[0], exponent, told);
    const bool triangular_b = factor_block(n, count, b + at * size, w.s, w.e, exponent_b, told_b);
    product(triangular_b, triangular, n, Own{w.e, row_stride(n)}, w.f[0], w.g[0]);
    lanes sum;
    nuclear_norms<double, 1>(n, w.g, &one_space, &tell, &sum);
    for (int k = 0; k < count; ++k) {
      const std::int64_t one = at + k;
      const std::int8_t worse = told[k] % 4 ? told[k] : told_b[k] % 4 ? told_b[k] : std::max(told[k], told_b[k]);
      status[one] = worse % 4 == 0 && failed[k] ? 2 : worse;
      const Pair pair{a + one * size, b + one * size, square + one, status + one};
      settle(pair, trace_of(n, pair.a) + trace_of(n, pair.b), scaled_back(sum[k], exponent[k] + exponent_b[k]), later);
    }
  }
  later.finish();
}
}  // namespace erlangen::ERLANGEN_LEVEL
