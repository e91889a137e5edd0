// Batch normalisation of small SPD matrices under Bures–Wasserstein, forward and backward.
// Definition: S = (P X P^T)^{1/2}, V = weights S - shift, Z = turn V turn^T, L = k factors Z, out = H (I + L) w (I + L) H^T; see nn/spd/normalisation.
// Convention: a matrix in each lane; memory holds for each block the rows of eigenvectors, the roots of the eigenvalues and the lower triangle of Z.
#include <algorithm>
#include <cmath>

#include "kernels.hpp"
#include "lanes/cholesky.hpp"
#include "lanes/eigen.hpp"
#include "lanes/products.hpp"
#include "normalisation.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

using lanes = Lane<double>::lanes;
using stored = Lane<double>::stored;
constexpr int wide = Lane<double>::wide;

inline int lanes_of(std::int64_t left) { return static_cast<int>(left < wide ? left : wide); }

inline double total(lanes x) {
  double sum = 0;
  for (int k = 0; k < wide; ++k) sum += x[k];
  return sum;
}

// A triangle by rows as a full matrix.
inline void expand(int n, const stored* tri, stored* full) {
  const std::int64_t stride = row_stride(n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) full[i * stride + j] = full[j * stride + i] = tri[row_at(i) + j];
}

// sum += f.
inline void gather(int n, const stored* f, stored* sum) {
  for (std::int64_t q = 0; q < n * row_stride(n); ++q) sum[q] += f[q];
}

// One lane of a triangle as a full matrix.
inline void write(int n, int lane, const stored* tri, double* out) {
  const double* cell = reinterpret_cast<const double*>(tri) + lane;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) out[i * n + j] = out[j * n + i] = cell[(row_at(i) + j) * wide];
}

// The symmetric parts of matrices; lanes without one hold zero, or with `unit` the unit matrix.
inline void load_symmetric(const MatrixRow& x, std::int64_t first, int count, bool unit, stored* full) {
  const int n = x.n;
  const std::int64_t stride = row_stride(n);
  double* cell = reinterpret_cast<double*>(full);
  for (int k = 0; k < wide; ++k) {
    const double* a = x.at + (first + (k < count ? k : 0)) * x.stride;
    for (int i = 0; i < n; ++i)
      for (int j = 0; j <= i; ++j) {
        const double value = k < count ? 0.5 * a[i * n + j] + 0.5 * a[j * n + i] : unit && i == j ? 1.0 : 0.0;
        cell[(i * stride + j) * wide + k] = value;
        cell[(j * stride + i) * wide + k] = value;
      }
  }
}

// Whether matrices are finite and symmetric within 1e-8 of their largest entry.
inline bool sound(const MatrixRow& x, std::int64_t first, int count) {
  const int n = x.n;
  for (int k = 0; k < count; ++k) {
    const double* a = x.at + (first + k) * x.stride;
    const double top = largest<double>(a, static_cast<std::int64_t>(n) * n);
    double gap = 0;
    for (int i = 1; i < n; ++i)
      for (int j = 0; j < i; ++j) gap = std::max(gap, std::abs(a[i * n + j] - a[j * n + i]));
    if (!(top < Limits<double>::infinity) || gap > 1e-8 * top) return false;
  }
  return true;
}

// What a block works with: the space of its decompositions and full matrices.
struct Workplace {
  static constexpr int matrices = 12;
  int n;
  Space space;
  EigenSpace<double> s;
  stored *full[matrices], *panel, *sums;

  explicit Workplace(int order)
      : n(order),
        space(static_cast<std::size_t>(EigenSpace<double>::registers(n, true) + matrices * n * row_stride(n) + tile_rows * n + row_at(n)) *
              register_bytes),
        s(space, n, true) {
    for (stored*& f : full) f = space.take<double>(n * row_stride(n));
    panel = space.take<double>(tile_rows * n);
    sums = space.take<double>(row_at(n));
  }
  void turn(const double* by, const stored* from) { congruence<double>(n, n, by, false, from, panel, s.tri); }
};

// Decompose P X P^T: eigenvectors in the rows of s.z, the roots of the eigenvalues in s.d. False where a matrix is not sound, an iteration
// did not end, or a singular result comes from a matrix that is not safely positive definite.
template <bool vectors>
inline bool whitened_roots(const MatrixRow& x, std::int64_t first, int count, const double* P, Workplace& w) {
  if (!sound(x, first, count)) return false;
  const int n = x.n;
  int exponent[wide] = {};
  load_symmetric(x, first, count, true, w.full[0]);
  w.turn(P, w.full[0]);
  rescale<double>(n, w.s.tri, exponent);
  diagonalise<double, vectors>(n, w.s);
  lanes one, other, least = all<double>(Limits<double>::infinity), most = all<double>(0);
  for (int k = 0; k < wide; ++k) {
    const PowerOfTwo<double> scale(exponent[k]);
    one[k] = scale.one, other[k] = scale.other;
    if (w.s.failed[k]) return false;
  }
  const lanes tiny = all<double>(vectors ? 0x1p-1022 : 0.0);
  for (int i = 0; i < n; ++i) {
    const lanes value = lanes(w.s.d[i]) * one * other;
    least = select(above(least, value), value, least);
    most = select(above(value, most), value, most);
    w.s.d[i] = root(select(above(value, tiny), value, tiny));
  }
  const Mask<double> doubtful = ~above(least, most * all<double>(n * Limits<double>::eps));
  if (!vectors || !any(doubtful)) return true;
  Mask<double> slight;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) w.s.tri[row_at(i) + j] = w.full[0][i * row_stride(n) + j];
  const Mask<double> broken = cholesky(n, w.s.tri, w.full[1], slight);
  return !any(broken) && !any(slight);
}

// The memory of one block.
struct Kept {
  stored *vectors, *roots, *Z;
  Kept(const double* memory, std::int64_t first, int n) {
    auto at = reinterpret_cast<std::uintptr_t>(memory);
    at = (at + line_bytes - 1) / line_bytes * line_bytes;
    const std::int64_t square = n * row_stride(n);
    vectors = reinterpret_cast<stored*>(at) + first / wide * (square + n + row_at(n));
    roots = vectors + square;
    Z = roots + n;
  }
};

// The lower triangle of k factors Z.
inline void displacement(int n, const NormalFrame& f, const stored* Z, stored* tri) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) tri[row_at(i) + j] = Z[row_at(i) + j] * all<double>(f.k * f.factors[i * n + j]);
}

// I + L as a full matrix.
inline void shifted(int n, const stored* tri, stored* full) {
  expand(n, tri, full);
  for (int i = 0; i < n; ++i) full[i * row_stride(n) + i] += all<double>(1);
}

inline void scale_columns(int n, const double* by, const stored* from, stored* to) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) to[i * row_stride(n) + j] = from[i * row_stride(n) + j] * all<double>(by[j]);
}

// Gradients in L, lower triangle in s.tri and full in full[5], from that of the image in the basis of W; the sums for W, M and k grow.
// full[2] is I + L, full[3] the gradient times I + L.
inline void back_to_displacement(const NormalFrame& f, const NormalSums& sums, const stored* Z, Workplace& w, stored* along, stored* differences,
                                 stored* outer, lanes& to_k) {
  const int n = w.n;
  const std::int64_t stride = row_stride(n);
  stored *E = w.full[2], *moved = w.full[3], *product_of = w.full[4], *full = w.full[5], *scaled = w.full[6];
  product(false, false, n, Own{E, stride}, moved, product_of);
  gather(n, product_of, along);
  scale_columns(n, f.w, moved, scaled);
  if (sums.parameter) {
    product(false, false, n, Turned{scaled, stride}, E, product_of);
    gather(n, product_of, outer);
  }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) w.s.tri[row_at(i) + j] = scaled[i * stride + j] + scaled[j * stride + i];
  expand(n, w.s.tri, full);
  expand(n, Z, product_of);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k) {
      lanes sum = all<double>(0);
      const double* difference = sums.differences + (static_cast<std::int64_t>(i) * n + k) * n;
      for (int j = 0; j < n; ++j)
        sum = fused(lanes(full[i * stride + j]) * lanes(product_of[k * stride + j]), all<double>(difference[j]), sum);
      differences[i * stride + k] += sum * all<double>(f.k);
    }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      to_k = fused(lanes(full[i * stride + j]) * all<double>(f.factors[i * n + j]), lanes(product_of[i * stride + j]), to_k);
}

// From the gradient in L (s.tri) to that in P X P^T, full in full[6].
inline void back_through_root(const NormalFrame& f, const Kept& kept, Workplace& w) {
  const int n = w.n;
  const std::int64_t stride = row_stride(n);
  stored *one = w.full[3], *two = w.full[4], *turned = w.full[5], *out = w.full[6];
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) w.s.tri[row_at(i) + j] *= all<double>(f.factors[i * n + j]);
  expand(n, w.s.tri, one);
  w.turn(f.turn_turned, one);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j <= i; ++j) w.s.tri[row_at(i) + j] *= all<double>(f.k * f.weights[i * n + j]);
  expand(n, w.s.tri, one);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) turned[i * stride + j] = kept.vectors[j * stride + i];
  product(false, false, n, Own{one, stride}, turned, two);
  product(false, false, n, Own{turned, stride}, two, one);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) one[i * stride + j] /= kept.roots[i] + kept.roots[j];
  product(false, false, n, Own{kept.vectors, stride}, one, two);
  product(false, false, n, Turned{two, stride}, kept.vectors, out);
}

inline void write_sums(int n, const stored* sum, double* out) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) out[i * n + j] = total(sum[i * row_stride(n) + j]);
}
}  // namespace

bool normal_roots_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const double* P, double* sums) {
  const int n = x.n;
  Workplace w(n);
  for (std::int64_t group = begin; group < end; group += sum_group) {
    const std::int64_t last = std::min(group + sum_group, end);
    for (std::int64_t q = 0; q < row_at(n); ++q) w.sums[q] = all<double>(0);
    for (std::int64_t at = group; at < last; at += wide) {
      const int count = lanes_of(last - at);
      if (!whitened_roots<true>(x, at, count, P, w)) return false;
      image<double>(n, w.s.d, w.s.z, w.panel, w.s.tri);
      Mask<double> filled;
      lanes number;
      for (int k = 0; k < wide; ++k) number[k] = k < count ? 1.0 : 0.0;
      filled = above(number, all<double>(0.5));
      for (std::int64_t q = 0; q < row_at(n); ++q) w.sums[q] += select(filled, lanes(w.s.tri[q]), all<double>(0));
    }
    double* out = sums + group / sum_group * row_at(n);
    for (std::int64_t q = 0; q < row_at(n); ++q) out[q] = total(w.sums[q]);
  }
  return true;
}

bool normal_gaps_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const double* P, double* sums) {
  const int n = x.n;
  Workplace w(n);
  for (std::int64_t group = begin; group < end; group += sum_group) {
    const std::int64_t last = std::min(group + sum_group, end);
    double sum = 0;
    for (std::int64_t at = group; at < last; at += wide) {
      const int count = lanes_of(last - at);
      if (!whitened_roots<false>(x, at, count, P, w)) return false;
      lanes square = all<double>(0);
      for (int i = 0; i < n; ++i) {
        const lanes gap = lanes(w.s.d[i]) - all<double>(1);
        square = fused(gap, gap, square);
      }
      for (int k = 0; k < count; ++k) sum += square[k];
    }
    sums[group / sum_group] = sum;
  }
  return true;
}

bool normal_centre_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const NormalFrame& f, double* memory, double* squares) {
  const int n = x.n;
  Workplace w(n);
  for (std::int64_t group = begin; group < end; group += sum_group) {
    const std::int64_t last = std::min(group + sum_group, end);
    double sum = 0;
    for (std::int64_t at = group; at < last; at += wide) {
      const int count = lanes_of(last - at);
      const Kept kept(memory, at, n);
      if (!whitened_roots<true>(x, at, count, f.whiten, w)) return false;
      image<double>(n, w.s.d, w.s.z, w.panel, w.s.tri);
      lanes square = all<double>(0);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) {
          lanes v = w.s.tri[row_at(i) + j] * all<double>(f.weights[i * n + j]);
          if (i == j) v -= all<double>(f.shift[i]);
          w.s.tri[row_at(i) + j] = v;
          square = fused(v, i == j ? v : v + v, square);
        }
      for (int k = 0; k < count; ++k) sum += square[k];
      std::copy_n(w.s.z, n * row_stride(n), kept.vectors);
      std::copy_n(w.s.d, n, kept.roots);
      expand(n, w.s.tri, w.full[0]);
      w.turn(f.turn, w.full[0]);
      std::copy_n(w.s.tri, row_at(n), kept.Z);
    }
    squares[group / sum_group] = sum;
  }
  return true;
}

bool normal_leave_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const NormalFrame& f, double margin, const double* memory,
                        double* out) {
  const int n = x.n;
  Workplace w(n);
  for (int i = 0; i < n; ++i) w.s.d[i] = all<double>(f.w[i]);
  for (std::int64_t at = begin; at < end; at += wide) {
    const int count = lanes_of(end - at);
    displacement(n, f, Kept(memory, at, n).Z, w.s.tri);
    shifted(n, w.s.tri, w.full[0]);
    for (int i = 0; i < n; ++i) w.s.tri[row_at(i) + i] += all<double>(1 - margin);
    Mask<double> slight;
    const lanes broken = select(cholesky(n, w.s.tri, w.full[1], slight), all<double>(1), all<double>(0));
    for (int k = 0; k < count; ++k)
      if (broken[k] != 0) return false;
    product(false, false, n, Common{f.leave_turned, n}, w.full[0], w.full[1]);
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) w.s.z[j * row_stride(n) + i] = w.full[1][i * row_stride(n) + j];
    image<double>(n, w.s.d, w.s.z, w.panel, w.s.tri);
    for (int k = 0; k < count; ++k) write(n, k, w.s.tri, out + (at + k) * x.stride);
  }
  return true;
}

void normal_back_range(std::int64_t begin, std::int64_t end, const MatrixRow& x, const MatrixRow& gradient, const NormalFrame& f,
                       const double* memory, double* to_x, const NormalSums& sums) {
  const int n = x.n;
  const std::int64_t stride = row_stride(n), square = static_cast<std::int64_t>(n) * n;
  Workplace w(n);
  stored *along = w.full[8], *differences = w.full[9], *outer = w.full[10], *inner = w.full[11];
  for (std::int64_t group = begin; group < end; group += sum_group) {
    const std::int64_t last = std::min(group + sum_group, end);
    for (stored* sum : {along, differences, outer, inner}) std::fill_n(sum, n * stride, stored{});
    lanes to_k = all<double>(0);
    for (std::int64_t at = group; at < last; at += wide) {
      const int count = lanes_of(last - at);
      const Kept kept(memory, at, n);
      displacement(n, f, kept.Z, w.s.tri);
      shifted(n, w.s.tri, w.full[2]);
      load_symmetric(gradient, at, count, false, w.full[0]);
      w.turn(f.leave_turned, w.full[0]);
      expand(n, w.s.tri, w.full[1]);
      product(false, false, n, Own{w.full[1], stride}, w.full[2], w.full[3]);
      back_to_displacement(f, sums, kept.Z, w, along, differences, outer, to_k);
      back_through_root(f, kept, w);
      if (sums.parameter) {
        load_symmetric(x, at, count, false, w.full[0]);
        product(false, false, n, Common{f.whiten_turned, n}, w.full[0], w.full[1]);
        product(false, false, n, Own{w.full[6], stride}, w.full[1], w.full[0]);
        gather(n, w.full[0], inner);
      }
      w.turn(f.whiten_turned, w.full[6]);
      for (int k = 0; k < count; ++k) write(n, k, w.s.tri, to_x + (at + k) * x.stride);
    }
    double* out = sums.at + group / sum_group * normal_sums(n);
    write_sums(n, along, out), write_sums(n, differences, out + square);
    write_sums(n, outer, out + 2 * square), write_sums(n, inner, out + 3 * square);
    out[4 * square] = total(to_k);
  }
}

// a b for one pair of matrices.
void small_product(int n, const double* a, const double* b, double* out) {
  for (int i = 0; i < n; ++i) {
    double* row = out + i * n;
    for (int j = 0; j < n; ++j) row[j] = 0;
    for (int k = 0; k < n; ++k)
      for (int j = 0; j < n; ++j) row[j] += a[i * n + k] * b[k * n + j];
  }
}
}  // namespace erlangen::ERLANGEN_LEVEL
