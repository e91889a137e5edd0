// A training step of Bures–Wasserstein batch normalisation, forward and backward, from kernels on ranges of the batch.
// Definition: mean by fixed-point steps G <- G^{-1/2} (sum S_i / N)^2 G^{-1/2}, S_i = (G^{1/2} Y_i G^{1/2})^{1/2}; then centre, scale, leave at W; see nn/spd/normalisation.
// Convention: statistics are constants of the gradient; with M the image is M^{-1/2} X M^{-1/2}; sums go by groups of matrices, whatever the threads.
#include "normalisation.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>

#include "levelled_matrices.hpp"
#include "normal_step.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

constexpr double eps = std::numeric_limits<double>::epsilon();

// Body(begin, end) on groups of the batch; whether all of them say true.
template <typename Body>
bool over_groups(const NormalBatch& batch, Body&& body) {
  const double work = static_cast<double>(batch.count) * batch.n * batch.n * batch.n / 1e6;
  const int threads = std::clamp(static_cast<int>(std::min(work, 1e6)), 1, std::max(batch.threads, 1));
  const std::int64_t groups = (batch.count + sum_group - 1) / sum_group;
  const std::int64_t chunk = threads <= 1 ? batch.count : sum_group * std::max<std::int64_t>(groups / (4 * threads), 1);
  std::atomic<bool> good{true};
  parallel_for(batch.count, chunk, threads, [&](std::int64_t begin, std::int64_t end) {
    if (!body(begin, end)) good = false;
  });
  return good;
}

std::int64_t groups_of(const NormalBatch& batch) { return (batch.count + sum_group - 1) / sum_group; }

MatrixRow channel_of(const NormalBatch& batch, const double* at, std::int64_t channel) {
  const std::int64_t size = static_cast<std::int64_t>(batch.n) * batch.n;
  return {batch.n, batch.count, batch.channels * size, at + channel * size};
}

// A channel's frame in memory: ten matrices, two rows of numbers, k and k / s.
struct Layout {
  double* at;
  int n;
  std::int64_t size() const { return static_cast<std::int64_t>(n) * n; }
  double* matrix(int which) const { return at + which * size(); }
  double* shift() const { return at + 10 * size(); }
  double* w() const { return shift() + n; }
  double* k() const { return w() + n; }
  void put(int which, const Matrix& a) const { std::copy(a.begin(), a.end(), matrix(which)); }
  Matrix get(int which) const { return {matrix(which), matrix(which) + size()}; }
  NormalFrame frame() const {
    return {matrix(0), matrix(1), matrix(2), matrix(3), matrix(4), matrix(5), matrix(6), matrix(7), shift(), w(), *k()};
  }
};
constexpr int half_whiten = 8, bias_basis = 9;

// Root and inverse root of M in memory, its basis and eigenvalues.
struct Parameter {
  Matrix root, lower, basis, values;
  static std::optional<Parameter> of(const LevelledMatrices& small, const double* M) {
    std::vector<EigenPairs> pairs;
    const Matrix A = small.symmetric(M);
    if (!small.decompose({&A}, pairs) || pairs[0].singular(small.n * eps)) return {};
    const Matrix root = roots(pairs[0].values);
    return Parameter{small.image(pairs[0].vectors, root), small.image(pairs[0].vectors, inverses(root)), pairs[0].vectors, pairs[0].values};
  }
  static Parameter kept(const double* at, int n) {
    const std::int64_t size = static_cast<std::int64_t>(n) * n;
    return {Matrix(at, at + size), Matrix(at + size, at + 2 * size), Matrix(at + 2 * size, at + 3 * size), Matrix(at + 3 * size, at + 3 * size + n)};
  }
  void keep(double* at) const {
    for (const Matrix* part : {&root, &lower, &basis, &values}) at = std::copy(part->begin(), part->end(), at);
  }
};

// One channel of the forward pass.
class Channel {
 public:
  Channel(const NormalBatch& batch, const NormalRules& rules, const std::optional<Parameter>& parameter, std::int64_t place)
      : batch_(batch), rules_(rules), parameter_(parameter), small_(batch.n, batch.level), x_(channel_of(batch, batch.X, place)), place_(place) {}

  bool run(const NormalStatistics& s, double* out, const NormalRecord& record) {
    const Layout layout{record.frame(place_), x_.n};
    double* memory = record.memory(place_);
    const std::int64_t at = place_ * x_.n * x_.n;
    const Matrix W = image(small_.symmetric(batch_.W + at)), old = image(small_.symmetric(s.mean + at));
    if (!find_mean(W, old)) return false;
    set_frame(layout);
    const NormalFrame frame = layout.frame();
    Matrix squares(groups_of(batch_));
    if (!over_groups(batch_, [&](std::int64_t b, std::int64_t e) {
          return ERLANGEN_DISPATCH(batch_.level, normal_centre_range(b, e, x_, frame, memory, squares.data()));
        }))
      return false;
    double variance = rules_.iterations == 0 ? s.variance[place_] : sum(squares) / (4 * rules_.theta * rules_.theta);
    if (rules_.released && rules_.iterations > 0 && !about_identity(variance)) return false;
    double trace = 0;
    for (int i = 0; i < x_.n; ++i) trace += centre_[i * x_.n + i];
    const double unit = rules_.released ? 1.0 : trace / x_.n, floor = 100 * x_.n * eps;
    if (!(variance > floor * floor * unit)) return false;
    layout.k()[1] = 1 / std::sqrt(variance + rules_.eps * unit);
    layout.k()[0] = s.scale[place_] * layout.k()[1];
    const NormalFrame full = layout.frame();
    if (!over_groups(batch_, [&](std::int64_t b, std::int64_t e) {
          return ERLANGEN_DISPATCH(batch_.level, normal_leave_range(b, e, x_, full, rules_.margin, memory, out + at));
        }))
      return false;
    record.factor()[place_] = layout.k()[1];
    record.variance()[place_] = rules_.eta < 0 ? variance : (1 - rules_.eta) * s.variance[place_] + rules_.eta * variance;
    std::copy(centre_.begin(), centre_.end(), record.centre() + at);
    return rules_.eta < 0 || between(record.mean() + at);
  }

 private:
  const NormalBatch& batch_;
  const NormalRules& rules_;
  const std::optional<Parameter>& parameter_;
  LevelledMatrices small_;
  MatrixRow x_;
  std::int64_t place_;
  Matrix centre_;
  EigenPairs mean_, bias_, old_;

  double sum(const Matrix& parts) const {
    double total = 0;
    for (const double part : parts) total += part;
    return total / static_cast<double>(batch_.count);
  }
  Matrix image(Matrix A) const { return parameter_ ? small_.congruence(parameter_->lower, A) : A; }
  // sqrt(g) U^T, with M^{-1/2} behind it where there is an M.
  Matrix half_whitening(const EigenPairs& pairs) const { return small_.rows(roots(pairs.values), small_.turned(pairs.vectors)); }
  Matrix behind(const Matrix& P) const { return parameter_ ? small_.product(P, parameter_->lower) : P; }

  bool find_mean(const Matrix& W, const Matrix& old) {
    std::vector<EigenPairs> pairs;
    centre_ = rules_.iterations == 0 ? old : image(arithmetic());
    if (!small_.decompose({&centre_, &W, &old}, pairs)) return false;
    bias_ = pairs[1], old_ = pairs[2];
    for (int step = 0; step < rules_.iterations; ++step) {
      const EigenPairs at = pairs[0];
      const std::optional<Matrix> root = mean_root(behind(half_whitening(at)));
      if (!root) return false;
      centre_ = small_.square(small_.product(small_.columns(at.vectors, inverses(roots(at.values))), *root));
      if (!small_.decompose({&centre_}, pairs)) return false;
    }
    mean_ = pairs[0];
    return true;
  }

  Matrix arithmetic() const {
    const std::int64_t size = static_cast<std::int64_t>(x_.n) * x_.n;
    Matrix parts(groups_of(batch_) * size), all(size);
    over_groups(batch_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        double* part = parts.data() + i / sum_group * size;
        for (std::int64_t q = 0; q < size; ++q) part[q] += x_.at[i * x_.stride + q];
      }
      return true;
    });
    for (std::size_t q = 0; q < parts.size(); ++q) all[q % size] += parts[q];
    for (double& entry : all) entry /= static_cast<double>(batch_.count);
    return small_.symmetric(all.data());
  }

  // The mean of (P X P^T)^{1/2}.
  std::optional<Matrix> mean_root(const Matrix& P) const {
    const std::int64_t half = static_cast<std::int64_t>(x_.n) * (x_.n + 1) / 2;
    Matrix parts(groups_of(batch_) * half), all(static_cast<std::size_t>(x_.n) * x_.n);
    if (!over_groups(batch_, [&](std::int64_t b, std::int64_t e) {
          return ERLANGEN_DISPATCH(batch_.level, normal_roots_range(b, e, x_, P.data(), parts.data()));
        }))
      return {};
    for (int i = 0, q = 0; i < x_.n; ++i)
      for (int j = 0; j <= i; ++j, ++q) {
        double total = 0;
        for (std::int64_t g = 0; g < groups_of(batch_); ++g) total += parts[g * half + q];
        all[i * x_.n + j] = all[j * x_.n + i] = total / static_cast<double>(batch_.count);
      }
    return all;
  }

  bool about_identity(double& variance) const {
    Matrix lower(static_cast<std::size_t>(x_.n) * x_.n), parts(groups_of(batch_));
    for (int i = 0; i < x_.n; ++i) lower[i * x_.n + i] = 1;
    if (parameter_) lower = parameter_->lower;
    if (!over_groups(batch_, [&](std::int64_t b, std::int64_t e) {
          return ERLANGEN_DISPATCH(batch_.level, normal_gaps_range(b, e, x_, lower.data(), parts.data()));
        }))
      return false;
    variance = sum(parts) / (rules_.theta * rules_.theta);
    return true;
  }

  void set_frame(const Layout& layout) const {
    const int n = x_.n;
    const Matrix P = half_whitening(mean_), whiten = behind(P), turn = small_.product(small_.turned(bias_.vectors), mean_.vectors);
    const Matrix leave = parameter_ ? small_.product(parameter_->root, bias_.vectors) : bias_.vectors;
    const Matrix* parts[] = {&whiten, &turn, &leave};
    for (int k = 0; k < 3; ++k) layout.put(2 * k, *parts[k]), layout.put(2 * k + 1, small_.turned(*parts[k]));
    layout.put(half_whiten, P), layout.put(bias_basis, bias_.vectors);
    for (int i = 0; i < n; ++i) {
      layout.shift()[i] = 2 * std::sqrt(mean_.values[i]), layout.w()[i] = bias_.values[i];
      for (int j = 0; j < n; ++j) {
        layout.matrix(6)[i * n + j] = std::sqrt(2 / mean_.values[i] + 2 / mean_.values[j]);
        layout.matrix(7)[i * n + j] = 1 / std::sqrt(2 * (bias_.values[i] + bias_.values[j]));
      }
    }
  }

  // The point at eta on the geodesic from the old mean to the batch's, in data space.
  bool between(double* out) const {
    const Matrix root = roots(old_.values), inside = small_.congruence(half_whitening(old_), centre_);
    std::vector<EigenPairs> pairs;
    if (!small_.decompose({&inside}, pairs) || pairs[0].singular(x_.n * eps)) return false;
    Matrix lift = small_.rows(inverses(root), small_.image(pairs[0].vectors, roots(pairs[0].values)));
    for (double& entry : lift) entry *= rules_.eta;
    for (int i = 0; i < x_.n; ++i) lift[i * x_.n + i] += (1 - rules_.eta) * root[i];
    Matrix half = small_.product(old_.vectors, lift);
    if (parameter_) half = small_.product(parameter_->root, half);
    const Matrix found = small_.symmetric(small_.square(half).data());
    std::copy(found.begin(), found.end(), out);
    return true;
  }
};

// f[w_i + w_j, w_k + w_j] of f(x) = 1/sqrt(2 x), which falls.
Matrix differences(int n, const double* w) {
  Matrix out(static_cast<std::size_t>(n) * n * n), sums(static_cast<std::size_t>(n) * n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) sums[i * n + j] = std::sqrt(w[i] + w[j]);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k)
      for (int j = 0; j < n; ++j) {
        const double a = sums[i * n + j], b = sums[k * n + j];
        out[(static_cast<std::int64_t>(i) * n + k) * n + j] = -std::sqrt(0.5) / (a * b * (a + b));
      }
  return out;
}

void add(Matrix& sum, const Matrix& part) {
  for (std::size_t q = 0; q < sum.size(); ++q) sum[q] += part[q];
}

// Sums of the groups of one channel of the backward pass, one after another.
Matrix back_sums(const NormalBatch& batch, std::int64_t place, const double* gradient, const Layout& layout, const double* memory, double* to_X,
                 bool parameter) {
  const std::int64_t size = normal_sums(batch.n), at = place * batch.n * batch.n;
  const Matrix table = differences(batch.n, layout.w());
  Matrix parts(groups_of(batch) * size), sums(size);
  const MatrixRow x = channel_of(batch, batch.X, place), g = channel_of(batch, gradient, place);
  const NormalFrame frame = layout.frame();
  over_groups(batch, [&](std::int64_t b, std::int64_t e) {
    ERLANGEN_DISPATCH(batch.level, normal_back_range(b, e, x, g, frame, memory, to_X + at, NormalSums{parts.data(), parameter, table.data()}));
    return true;
  });
  for (std::size_t q = 0; q < parts.size(); ++q) sums[q % size] += parts[q];
  return sums;
}
}  // namespace

bool normalise_forward(const NormalBatch& batch, const NormalRules& rules, const NormalStatistics& statistics, double* out,
                       const NormalRecord& record) {
  std::optional<Parameter> parameter;
  if (batch.M) {
    parameter = Parameter::of(LevelledMatrices(batch.n, batch.level), batch.M);
    if (!parameter) return false;
    parameter->keep(record.parameter());
  }
  for (std::int64_t c = 0; c < batch.channels; ++c)
    if (!Channel(batch, rules, parameter, c).run(statistics, out, record)) return false;
  return true;
}

void normalise_backward(const NormalBatch& batch, const double* gradient, const NormalRecord& record, bool asked, double* to_X, double* to_rest) {
  const int n = batch.n;
  const std::int64_t size = static_cast<std::int64_t>(n) * n;
  const LevelledMatrices small(n, batch.level);
  std::optional<Parameter> parameter;
  if (batch.M) parameter = Parameter::kept(record.parameter(), n);
  double *to_W = to_rest, *to_scale = to_W + record.means();
  Matrix to_lower(size), to_root(size);
  for (std::int64_t c = 0; c < batch.channels; ++c) {
    const Layout layout{record.frame(c), n};
    const Matrix sums = back_sums(batch, c, gradient, layout, record.memory(c), to_X, asked);
    const auto part = [&](int which) { return Matrix(sums.begin() + which * size, sums.begin() + (which + 1) * size); };
    const Matrix Q = layout.get(bias_basis);
    Matrix direct = part(0), base = part(1);
    add(direct, base), add(direct, small.turned(base));
    Matrix to_bias = small.congruence(Q, direct);
    if (asked) {
      add(to_lower, small.product(small.turned(layout.get(half_whiten)), part(3)));
      add(to_lower, small.product(to_bias, small.product(parameter->lower, small.symmetric(batch.W + c * size))));
      const Matrix half = small.product(small.product(Q, part(2)), small.turned(Q));
      add(to_root, small.product(parameter->lower, half));
    }
    if (parameter) to_bias = small.congruence(parameter->lower, to_bias);
    std::copy(to_bias.begin(), to_bias.end(), to_W + c * size);
    to_scale[c] = sums[4 * size] * layout.k()[1];
  }
  if (!asked) return;
  const Matrix basis = small.turned(parameter->basis), root = roots(parameter->values);
  const Matrix lower = small.congruence(basis, to_lower), upper = small.congruence(basis, to_root);
  Matrix total(size);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) total[i * n + j] = 2 * (upper[i * n + j] - lower[i * n + j] / (root[i] * root[j])) / (root[i] + root[j]);
  total = small.congruence(parameter->basis, total);
  std::copy(total.begin(), total.end(), to_scale + batch.channels);
}

}  // namespace erlangen
