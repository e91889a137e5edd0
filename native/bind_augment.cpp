// Binding of the assembly of augmented covariances.
// Definition: augment(heads, tails, means, length, divisor, base, past, out, level) writes the covariances into out.
// Convention: float64; the lists have one array for each difference d of blocks, all of one number of trials and channels.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <vector>

#include "augment.hpp"
#include "bindings.hpp"
#include "dispatch.hpp"

namespace erlangen {
namespace {

using Edges = Array<const double, 4>;

// Refuse arrays that do not fit to the means (N, p, n), or hold fewer stretches than the blocks ask for.
void check(const std::vector<Edges>& heads, const std::vector<Edges>& tails,
           const Array<const double, 3>& means, const Array<double, 3>& out, int base) {
  const std::size_t N = means.shape(0), p = means.shape(1), n = means.shape(2);
  require(p > 0 && n > 0, "no blocks or channels");
  require(heads.size() == p && tails.size() == p, "one array is needed for each difference of blocks");
  require(out.shape(0) == N && out.shape(1) == n * p && out.shape(2) == n * p, "out has the wrong shape");
  require(base >= static_cast<int>(p) - 1, "base is too small");
  for (std::size_t d = 0; d < p; ++d) {
    const auto fits = [&](const Edges& a) { return a.shape(0) == N && a.shape(2) == n && a.shape(3) == n; };
    require(fits(heads[d]) && heads[d].shape(1) >= p - d, "heads have the wrong shape");
    require(fits(tails[d]) && tails[d].shape(1) + d > static_cast<std::size_t>(base), "tails have the wrong shape");
  }
}

void augment(const std::vector<Edges>& heads, const std::vector<Edges>& tails,
             Array<const double, 3> means, double length, double divisor, int base, bool past, Array<double, 3> out,
             const std::string& level) {
  check(heads, tails, means, out, base);
  const int order = static_cast<int>(means.shape(1));
  std::vector<const double*> before, after;
  std::vector<int> heads_held, tails_held;
  for (int d = 0; d < order; ++d) {
    before.push_back(heads[d].data());
    after.push_back(tails[d].data());
    heads_held.push_back(static_cast<int>(heads[d].shape(1)));
    tails_held.push_back(static_cast<int>(tails[d].shape(1)));
  }
  const LaggedSums sums{static_cast<int>(means.shape(2)), order, base, past, before.data(), after.data(),
                        heads_held.data(), tails_held.data(), means.data(), length, divisor};
  const std::int64_t trials = static_cast<std::int64_t>(means.shape(0));
  double* target = out.data();
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  ERLANGEN_DISPATCH(chosen, augment_range(0, trials, sums, target));
}

}  // namespace

void bind_augment(nb::module_& m) {
  using namespace nb::literals;
  m.def("augment", &augment, "heads"_a, "tails"_a, "means"_a, "length"_a, "divisor"_a, "base"_a, "past"_a,
        "out"_a.noconvert(), "level"_a);
}

}  // namespace erlangen
