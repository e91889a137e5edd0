// Bindings: means of small SPD matrices, all iterations in one call.
// Definition: the fixed points of linalg/barycentres.py, whose loops these are; the sums over matrices are those of whitened_function.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released; verdicts are 0 converged, 1 the limit of
// iterations, 2 stalled, 3 rounding left no positive eigenvalue, 4 the last step is trusted.
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include <cmath>
#include <limits>
#include <tuple>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"
#include "small_matrices.hpp"

namespace erlangen {
namespace {

enum Verdict { converged, limited, stalled, lost, trusted };

using Outcome = std::tuple<double, int, int>;  // residual, iterations, verdict

struct Sample {
  int n;
  std::int64_t count;
  const double *matrices, *weight;
  int threads;
  std::string level;
};

struct Stopping {
  double tol;
  int most, patience;
};

// S = sum_i w_i f(W A_i W^T), by groups of matrices as whitened_function goes.
class WhitenedSum {
 public:
  WhitenedSum(const Sample& sample, int kind, int domain)
      : sample_(sample), f_{kind, domain, 0}, groups_((sample.count + sum_group - 1) / sum_group),
        half_(static_cast<std::int64_t>(sample.n) * (sample.n + 1) / 2), sums_(groups_ * half_), status_(sample.count) {}

  bool operator()(const Matrix& W, bool lower, Matrix& S) {
    const int n = sample_.n;
    double top = 0;
    for (const double x : W) {
      if (!std::isfinite(x)) return false;
      top = std::max(top, std::abs(x));
    }
    int exponent = 0;
    std::frexp(top, &exponent);
    scaled_ = W;
    for (double& x : scaled_) x = std::ldexp(x, -exponent);
    const std::int64_t chunk = sample_.threads <= 1 ? std::max<std::int64_t>(sample_.count, 1)
                                                    : sum_group * std::max<std::int64_t>(groups_ / (4 * sample_.threads), 1);
    parallel_for(sample_.count, chunk, sample_.threads, [&](std::int64_t begin, std::int64_t end) {
      ERLANGEN_DISPATCH(sample_.level, whitened_function_range(begin, end, n, lower, scaled_.data(), exponent, sample_.matrices, f_,
                                                               sample_.weight, static_cast<double*>(nullptr),
                                                               static_cast<double*>(nullptr), sums_.data(), status_.data()));
    });
    for (const std::int8_t told : status_)
      if (told != 0 && told != 4) return false;
    for (std::int64_t i = 0, q = 0; i < n; ++i)
      for (std::int64_t j = 0; j <= i; ++j, ++q) {
        double total = 0;
        for (std::int64_t g = 0; g < groups_; ++g) total += sums_[g * half_ + q];
        S[i * n + j] = S[j * n + i] = total;
      }
    return true;
  }

 private:
  const Sample& sample_;
  Scalar f_;
  std::int64_t groups_, half_;
  std::vector<double> sums_;
  std::vector<std::int8_t> status_;
  Matrix scaled_;
};

// The best point so far, and whether the residuals still fall.
struct Progress {
  double share, best = std::numeric_limits<double>::infinity();
  int stale = 0;
  Matrix point;

  void note(double residual, const Matrix& here) {
    stale = residual < share * best ? 0 : stale + 1;
    if (residual < best) best = residual, point = here;
  }
};

// K = C C^T <- C exp(step J) C^T, J = sum_i w_i log(C^-1 A_i C^-T); C is lower triangular at the start.
Outcome affine_descent(const Sample& sample, const Stopping& stop, bool trust, Matrix& C) {
  constexpr double shortest = 0.05;
  const int n = sample.n;
  WhitenedSum sum(sample, 0, 2);
  Matrix W(C.size()), J(C.size()), before, vectors(C.size()), grown(C.size()), held(C.size());
  std::vector<double> values(n), power(n);
  invert_lower(n, C, W);
  Progress progress{0.9, std::numeric_limits<double>::infinity(), 0, C};
  double step = 1;
  int count = 0;
  Verdict verdict = limited;
  while (count < stop.most) {
    const bool whole = sum(W, count == 0, J);
    ++count;
    if (!whole) {
      verdict = lost;
      break;
    }
    const double residual = frobenius(J), former = progress.best;
    progress.note(residual, C);
    if (residual <= stop.tol) {
      verdict = converged;
      break;
    }
    if (progress.stale >= stop.patience) {
      verdict = stalled;
      break;
    }
    if (!before.empty()) {
      const double square = dot(before.size(), before.data(), before.data()), turned = dot(J.size(), J.data(), before.data());
      const double curvature = (square - turned) / (step * square);
      step = curvature > 0 ? std::min(std::max(1 / curvature, shortest), 1.0) : std::max(step / 2, shortest);
    }
    const bool last = trust && !before.empty() && step > 0.5 && 10 * residual * residual <= stop.tol * former;
    before = J;
    std::int8_t status = 0;
    ERLANGEN_DISPATCH(sample.level, eigen_range(0, 1, n, J.data(), values.data(), vectors.data(), &status));
    if (status != 0) {
      verdict = stalled;
      break;
    }
    for (int k = 0; k < n; ++k) power[k] = std::exp(step / 2 * values[k]);
    image_of(n, vectors, power.data(), grown);
    multiply(n, C, grown, held);
    C.swap(held);
    if (last) {
      progress.point = C;
      verdict = trusted;
      break;
    }
    for (double& x : power) x = 1 / x;
    image_of(n, vectors, power.data(), grown);
    multiply(n, grown, W, held);
    W.swap(held);
  }
  C = progress.point;
  return {progress.best, count, verdict};
}

// K = A A^T <- T K T, T A = A^-T sum_i w_i (A^T X_i A)^{1/2}. The rows of B = A^T are turned until orthogonal, so that those of A^-1 are b / |b|^2.
Outcome bures_descent(const Sample& sample, const Stopping& stop, Matrix& A) {
  constexpr double longest = 4;
  const int n = sample.n;
  WhitenedSum sum(sample, 1, 1);
  Matrix B(A.size()), R(A.size()), S(A.size()), moved(A.size()), defect(A.size()), old, weighted(A.size()), K(A.size());
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) B[j * n + i] = A[i * n + j];
  Progress progress{0.95, std::numeric_limits<double>::infinity(), 0, B};
  double step = 1;
  int count = 0;
  Verdict verdict = limited;
  while (count < stop.most) {
    if (progress.stale >= stop.patience) {
      verdict = stalled;
      break;
    }
    orthogonalise_rows(n, B);
    for (int i = 0; i < n; ++i) {
      const double size = dot(n, B.data() + i * n, B.data() + i * n);
      for (int j = 0; j < n; ++j) R[i * n + j] = B[i * n + j] / size;
    }
    const bool whole = sum(B, false, S);
    ++count;
    if (!whole) {
      verdict = lost;
      break;
    }
    multiply(n, S, R, moved);
    for (std::size_t k = 0; k < B.size(); ++k) moved[k] -= B[k];
    multiply_transposed(n, moved, R, defect);  // T - I
    const double residual = frobenius(defect);
    progress.note(residual, B);
    if (residual <= stop.tol) {
      verdict = converged;
      break;
    }
    if (!old.empty()) {
      const double whole_square = dot(old.size(), old.data(), weighted.data()), turned = dot(defect.size(), defect.data(), weighted.data());
      const double share = (whole_square - turned) / (step * whole_square);
      step = share > 0 ? std::min(std::max(1 / share, 1.0), longest) : 1.0;
    }
    old = defect;
    multiply_transposed(n, B, B, K);
    multiply(n, defect, K, weighted);
    for (std::size_t k = 0; k < B.size(); ++k) B[k] += step * moved[k];
  }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) A[i * n + j] = progress.point[j * n + i];
  return {progress.best, count, verdict};
}

Outcome barycentre(Array<const double, 3> a, Array<const double, 1> weight, Array<double, 2> factor, bool bures, double tol, int most,
                   int patience, bool trust, int threads, const std::string& level) {
  const auto n = static_cast<std::int64_t>(a.shape(1)), count = static_cast<std::int64_t>(a.shape(0));
  require(a.shape(1) == a.shape(2) && n >= 1, "matrices are not square");
  require(n <= most_order, "matrices are larger than the kernel takes");
  require(count >= 1 && weight.shape(0) == a.shape(0), "weights have the wrong length");
  require(factor.shape(0) == a.shape(1) && factor.shape(1) == a.shape(1), "the factor has the wrong shape");
  require(most >= 1 && patience >= 1 && tol >= 0, "the rules of stopping have no sense");
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      const double x = factor.data()[i * n + j];
      require(std::isfinite(x) && (j < i ? true : j == i ? x > 0 : x == 0), "the factor is not lower triangular with a positive diagonal");
    }
  const int useful = static_cast<int>(std::clamp<std::int64_t>(count * n * n * n / 1'000'000, 1, std::max(threads, 1)));
  const Sample sample{static_cast<int>(n), count, a.data(), weight.data(), useful, resolve_level(level)};
  const nb::gil_scoped_release release;
  Matrix point(factor.data(), factor.data() + n * n);
  const Stopping stop{tol, most, patience};
  const Outcome outcome = bures ? bures_descent(sample, stop, point) : affine_descent(sample, stop, trust, point);
  std::copy(point.begin(), point.end(), factor.data());
  return outcome;
}

void plain_matrices(Array<const double, 3> a, Array<std::int8_t, 1> status, int threads, const std::string& level) {
  const auto n = static_cast<std::int64_t>(a.shape(1)), count = static_cast<std::int64_t>(a.shape(0));
  require(a.shape(1) == a.shape(2) && n >= 1, "matrices are not square");
  require(n <= most_order, "matrices are larger than the kernel takes");
  require(status.shape(0) == a.shape(0), "status has the wrong length");
  const std::string chosen = resolve_level(level);
  const int useful = static_cast<int>(std::clamp<std::int64_t>(count * n * n * n / 20'000'000, 1, std::max(threads, 1)));
  constexpr std::int64_t most_lanes = 16;
  const std::int64_t blocks = (count + most_lanes - 1) / most_lanes;
  const std::int64_t chunk = useful <= 1 ? std::max<std::int64_t>(count, 1) : most_lanes * std::max<std::int64_t>(blocks / (4 * useful), 1);
  const nb::gil_scoped_release release;
  parallel_for(count, chunk, useful, [&](std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, plain_range(begin, end, static_cast<int>(n), a.data(), status.data()));
  });
}

}  // namespace

void bind_barycentres(nb::module_& m) {
  using namespace nb::literals;
  m.def("barycentre", &barycentre, "a"_a.noconvert(), "weight"_a.noconvert(), "factor"_a.noconvert(), "bures"_a, "tol"_a, "most"_a,
        "patience"_a, "trust"_a, "threads"_a, "level"_a);
  m.def("plain_matrices", &plain_matrices, "a"_a.noconvert(), "status"_a.noconvert(), "threads"_a, "level"_a);
}

}  // namespace erlangen
