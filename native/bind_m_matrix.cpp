// Bindings of the subtraction-free factor.
// Definition: MMatrixFactor(indptr, indices, weights, slack, order) holds the factor of the permuted matrix and the permutation.
// Convention: order[k] is the vertex eliminated as the k-th; solutions come back in the order of the vertices.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>

#include <vector>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "elimination.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

using Pointers = Array<const std::int64_t, 1>;
using Indices = Array<const std::int32_t, 1>;
using Values = Array<const double, 1>;

struct Permuted {
  std::vector<std::int64_t> start;
  std::vector<std::int32_t> index;
  std::vector<double> weight;
};

std::vector<std::int32_t> inverse_of(const Indices& order) {
  const auto n = static_cast<std::int64_t>(order.shape(0));
  std::vector<std::int32_t> inverse(n, -1);
  for (std::int64_t k = 0; k < n; ++k) {
    const std::int32_t v = order.data()[k];
    if (v < 0 || v >= n || inverse[v] != -1) throw std::invalid_argument("order is not a permutation at position " + std::to_string(k));
    inverse[v] = static_cast<std::int32_t>(k);
  }
  return inverse;
}

Permuted permute(const Pointers& start, const Indices& index, const double* weight, const Indices& order) {
  const auto n = static_cast<std::int64_t>(order.shape(0));
  check_rows(start, index, n);
  require(static_cast<std::int64_t>(start.shape(0)) == n + 1, "indptr and order differ in length");
  const auto inverse = inverse_of(order);
  Permuted out;
  out.start.reserve(n + 1);
  out.start.push_back(0);
  out.index.reserve(index.shape(0));
  if (weight) out.weight.reserve(index.shape(0));
  for (std::int64_t k = 0; k < n; ++k) {
    const std::int32_t v = order.data()[k];
    for (std::int64_t p = start.data()[v]; p < start.data()[v + 1]; ++p) {
      out.index.push_back(inverse[index.data()[p]]);
      if (weight) out.weight.push_back(weight[p]);
    }
    out.start.push_back(static_cast<std::int64_t>(out.index.size()));
  }
  return out;
}

class MMatrixFactor {
 public:
  MMatrixFactor(Pointers start, Indices index, Values weight, Values slack, Indices order)
      : order_(order.data(), order.data() + order.shape(0)) {
    const auto n = static_cast<std::int64_t>(order.shape(0));
    require(weight.shape(0) == index.shape(0), "weights and indices differ in length");
    require(static_cast<std::int64_t>(slack.shape(0)) == n, "slack has the wrong length");
    const auto permuted = permute(start, index, weight.data(), order);
    std::vector<double> s(n);
    for (std::int64_t k = 0; k < n; ++k) s[k] = slack.data()[order_[k]];
    const nb::gil_scoped_release release;
    factor_ = factorise(n, permuted.start.data(), permuted.index.data(), permuted.weight.data(), s.data());
    inverse_pivot_.resize(n);
    for (std::int64_t k = 0; k < n; ++k) inverse_pivot_[k] = 1.0 / factor_.pivot[k];
  }

  std::int64_t entries() const { return factor_.start.back(); }

  // out (m, n): row r is A^{-1} S applied `repeat` times to column r, given as the row r of b (m, n).
  void solve(Array<const double, 2> b, Array<double, 2> out, int repeat, Values scale, int threads, const std::string& level) const {
    const auto m = static_cast<std::int64_t>(b.shape(0));
    check_output(b.shape(1), out, m);
    run(m, out, repeat, scale, threads, level, [&](std::int64_t column, int lane, double* x) {
      const double* source = b.data() + column * factor_.n;
      for (std::int64_t k = 0; k < factor_.n; ++k) x[k * block_width + lane] = source[order_[k]];
    });
  }

  // out (m, n): the same for unit vectors at the given vertices.
  void columns(Indices sources, Array<double, 2> out, int repeat, Values scale, int threads, const std::string& level) const {
    const auto m = static_cast<std::int64_t>(sources.shape(0));
    check_output(factor_.n, out, m);
    std::vector<std::int32_t> place(factor_.n);
    for (std::int64_t k = 0; k < factor_.n; ++k) place[order_[k]] = static_cast<std::int32_t>(k);
    for (std::int64_t r = 0; r < m; ++r)
      require(sources.data()[r] >= 0 && sources.data()[r] < factor_.n, "a source is not a vertex");
    run(m, out, repeat, scale, threads, level, [&](std::int64_t column, int lane, double* x) {
      x[static_cast<std::int64_t>(place[sources.data()[column]]) * block_width + lane] = 1.0;
    });
  }

 private:
  void check_output(std::size_t n, const Array<double, 2>& out, std::int64_t m) const {
    require(static_cast<std::int64_t>(n) == factor_.n, "the right-hand side has the wrong length");
    require(static_cast<std::int64_t>(out.shape(0)) == m && static_cast<std::int64_t>(out.shape(1)) == factor_.n, "out has the wrong shape");
  }

  template <typename Fill>
  void run(std::int64_t m, Array<double, 2>& out, int repeat, const Values& scale, int threads, const std::string& level,
           Fill&& fill) const {
    const std::int64_t n = factor_.n;
    require(scale.shape(0) == 0 || static_cast<std::int64_t>(scale.shape(0)) == n, "scale has the wrong length");
    const std::string chosen = resolve_level(level);
    std::vector<double> permuted_scale(scale.shape(0));
    for (std::size_t k = 0; k < permuted_scale.size(); ++k) permuted_scale[k] = scale.data()[order_[k]];
    const double* factor_scale = permuted_scale.empty() ? nullptr : permuted_scale.data();
    const FactorView view{n, factor_.start.data(), factor_.row.data(), factor_.value.data(), inverse_pivot_.data()};
    double* target = out.data();
    const nb::gil_scoped_release release;
    parallel_for(m, block_width, threads, [&](std::int64_t begin, std::int64_t end) {
      std::vector<double> x(static_cast<std::size_t>(n) * block_width, 0.0);
      for (std::int64_t column = begin; column < end; ++column) fill(column, static_cast<int>(column - begin), x.data());
      ERLANGEN_DISPATCH(chosen, m_matrix_solve_block(view, repeat, factor_scale, x.data()));
      for (std::int64_t column = begin; column < end; ++column) {
        double* row = target + column * n;
        const std::int64_t lane = column - begin;
        for (std::int64_t k = 0; k < n; ++k) row[order_[k]] = x[k * block_width + lane];
      }
    });
  }

  std::vector<std::int32_t> order_;
  Factor factor_;
  std::vector<double> inverse_pivot_;
};

std::pair<std::int64_t, double> estimate(Pointers start, Indices index, Indices order) {
  const auto permuted = permute(start, index, nullptr, order);
  std::vector<std::int32_t> parent;
  std::vector<std::int64_t> count;
  symbolic(static_cast<std::int64_t>(order.shape(0)), permuted.start.data(), permuted.index.data(), parent, count);
  std::int64_t entries = 0;
  double flops = 0.0;
  for (const auto c : count) {
    entries += c;
    flops += static_cast<double>(c) * static_cast<double>(c + 2);
  }
  return {entries, flops};
}
}  // namespace

void bind_m_matrix(nb::module_& m) {
  using namespace nb::literals;
  nb::class_<MMatrixFactor>(m, "MMatrixFactor")
      .def(nb::init<Pointers, Indices, Values, Values, Indices>(), "indptr"_a, "indices"_a, "weights"_a, "slack"_a, "order"_a)
      .def_prop_ro("entries", &MMatrixFactor::entries)
      .def("solve", &MMatrixFactor::solve, "b"_a, "out"_a.noconvert(), "repeat"_a, "scale"_a, "threads"_a, "level"_a)
      .def("columns", &MMatrixFactor::columns, "sources"_a, "out"_a.noconvert(), "repeat"_a, "scale"_a, "threads"_a, "level"_a);
  m.def("m_matrix_estimate", &estimate, "indptr"_a, "indices"_a, "order"_a);
}

}  // namespace erlangen
