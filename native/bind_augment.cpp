// Bindings of the lagged sums and of the assembly of augmented covariances.
// Definition: augment(heads, tails, means, lengths, divisors, bases, past, outs, level) writes the covariances of some orders at one lag.
// Convention: float64; heads and tails have one array for each difference d of blocks; means, lengths, divisors, bases, outs one entry for each order.
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <vector>

#include "augment.hpp"
#include "bindings.hpp"
#include "dispatch.hpp"
#include "edge_sums.hpp"

namespace erlangen {
namespace {

using Edges = Array<const double, 4>;
using Means = Array<const double, 3>;
using Out = Array<double, 3>;

// Refuse arrays that do not fit to the means (N, p, n), or hold fewer stretches than the blocks ask for.
void check(const std::vector<Edges>& heads, const std::vector<Edges>& tails, const Means& means, const Out& out, int base,
           std::size_t trials) {
  const std::size_t N = means.shape(0), p = means.shape(1), n = means.shape(2);
  require(p > 0 && n > 0 && N == trials, "means have the wrong shape");
  require(heads.size() >= p && tails.size() >= p, "one array is needed for each difference of blocks");
  require(out.shape(0) == N && out.shape(1) == n * p && out.shape(2) == n * p, "out has the wrong shape");
  require(base >= static_cast<int>(p) - 1, "base is too small");
  for (std::size_t d = 0; d < p; ++d) {
    const auto fits = [&](const Edges& a) { return a.shape(0) == N && a.shape(2) == n && a.shape(3) == n; };
    require(fits(heads[d]) && heads[d].shape(1) >= p - d, "heads have the wrong shape");
    require(fits(tails[d]) && tails[d].shape(1) + d > static_cast<std::size_t>(base), "tails have the wrong shape");
  }
}

void augment(const std::vector<Edges>& heads, const std::vector<Edges>& tails, const std::vector<Means>& means,
             const std::vector<double>& lengths, const std::vector<double>& divisors, const std::vector<int>& bases, bool past,
             const std::vector<Out>& outs, const std::string& level) {
  const std::size_t orders = means.size();
  require(lengths.size() == orders && divisors.size() == orders && bases.size() == orders && outs.size() == orders,
          "one entry is needed for each order");
  if (orders == 0) return;
  std::vector<const double*> before, after;
  std::vector<int> heads_held, tails_held;
  for (const Edges& a : heads) before.push_back(a.data()), heads_held.push_back(static_cast<int>(a.shape(1)));
  for (const Edges& a : tails) after.push_back(a.data()), tails_held.push_back(static_cast<int>(a.shape(1)));
  std::vector<LaggedSums> sums;
  std::vector<double*> targets;
  std::size_t largest = 0;
  for (std::size_t o = 0; o < orders; ++o) {
    check(heads, tails, means[o], outs[o], bases[o], means[0].shape(0));
    const int p = static_cast<int>(means[o].shape(1)), n = static_cast<int>(means[o].shape(2));
    sums.push_back({n, p, bases[o], past, before.data(), after.data(), heads_held.data(), tails_held.data(), means[o].data(),
                    lengths[o], divisors[o]});
    targets.push_back(outs[o].data());
    largest = std::max(largest, outs[o].shape(1) * outs[o].shape(2));
  }
  std::vector<double> space(largest);
  const std::int64_t trials = static_cast<std::int64_t>(means[0].shape(0));
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  for (std::int64_t t = 0; t < trials; ++t)  // all orders of a trial while its sums are in cache
    for (std::size_t o = 0; o < orders; ++o) ERLANGEN_DISPATCH(chosen, augment_range(t, t + 1, sums[o], space.data(), targets[o]));
}

void edge_sums(Means x, std::int64_t ahead, std::int64_t origin, std::int64_t step, std::int64_t lag, Array<double, 4> out,
               const std::string& level) {
  const auto times = static_cast<std::int64_t>(x.shape(1)), n = static_cast<std::int64_t>(x.shape(2)),
             count = static_cast<std::int64_t>(out.shape(1));
  require(out.shape(0) == x.shape(0) && out.shape(2) == x.shape(2) && out.shape(3) == x.shape(2), "out has the wrong shape");
  require(n > 0 && n < 1 << 15 && times < std::int64_t{1} << 31 && count < std::int64_t{1} << 31, "x has the wrong shape");
  const auto within = [times](std::int64_t value) { return value >= -times && value <= times; };
  require(within(ahead) && within(origin) && within(step) && lag >= 0 && lag <= times && ahead >= 0, "the stretches leave the signal");
  for (const std::int64_t i : {std::int64_t{0}, count - 2}) {
    const std::int64_t first = origin + i * step;
    require(count < 2 || (first >= 0 && first + lag + ahead <= times), "the stretches leave the signal");
  }
  const std::string chosen = resolve_level(level);
  const Stretches s{static_cast<int>(n), static_cast<int>(lag), times, count, ahead, origin, step};
  const nb::gil_scoped_release release;
  ERLANGEN_DISPATCH(chosen, edge_sums_range(0, static_cast<std::int64_t>(x.shape(0)), s, x.data(), out.data()));
}

// The covariances of some orders at one lag from the samples x (N, times, n), without edges kept; interiors (N, n, n) run over start <= t < end.
void lag_grid(Means x, std::int64_t lag, const std::vector<Means>& interiors, std::int64_t start, std::int64_t end,
              const std::vector<int>& orders, const std::vector<double>& lengths, const std::vector<double>& divisors,
              const std::vector<int>& bases, bool past, const std::vector<Out>& outs, const std::string& level) {
  const auto trials = static_cast<std::int64_t>(x.shape(0)), times = static_cast<std::int64_t>(x.shape(1)), n = static_cast<std::int64_t>(x.shape(2)),
             most = static_cast<std::int64_t>(interiors.size());
  const std::size_t count = orders.size();
  require(lengths.size() == count && divisors.size() == count && bases.size() == count && outs.size() == count,
          "one entry is needed for each order");
  require(n > 0 && n < 1 << 15 && times < std::int64_t{1} << 31 && most >= 1 && most <= most_differences && lag >= 1, "x has the wrong shape");
  require(lag <= times && most * lag <= times, "the stretches leave the signal");
  require((most - 1) * lag <= start && start <= end && end <= times - most * lag, "the stretches leave the signal");
  std::vector<const double*> shared;
  std::vector<double*> targets;
  for (const Means& a : interiors) {
    require(a.shape(0) == x.shape(0) && a.shape(1) == x.shape(2) && a.shape(2) == x.shape(2), "interiors have the wrong shape");
    shared.push_back(a.data());
  }
  for (std::size_t o = 0; o < count; ++o) {
    const std::int64_t p = orders[o];
    require(p >= 1 && p <= most && bases[o] >= p - 1 && bases[o] <= most, "an order does not fit");
    require(static_cast<std::int64_t>(outs[o].shape(0)) == trials && static_cast<std::int64_t>(outs[o].shape(1)) == n * p &&
                static_cast<std::int64_t>(outs[o].shape(2)) == n * p, "out has the wrong shape");
    targets.push_back(outs[o].data());
  }
  const LagGrid grid{static_cast<int>(n), static_cast<int>(lag), static_cast<int>(most), static_cast<int>(count), past, times, start, end,
                     x.data(), shared.data(), orders.data(), bases.data(), lengths.data(), divisors.data(), targets.data()};
  std::vector<double> space(static_cast<std::size_t>(grid.space()));
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  ERLANGEN_DISPATCH(chosen, lag_grid_range(0, trials, grid, space.data()));
}

void window_sums(Means x, const std::vector<std::int64_t>& ahead, std::int64_t start, std::int64_t stop, const std::vector<Out>& outs,
                 const std::string& level) {
  const auto trials = static_cast<std::int64_t>(x.shape(0)), times = static_cast<std::int64_t>(x.shape(1)), n = static_cast<std::int64_t>(x.shape(2));
  require(n > 0 && n < 1 << 15 && times < std::int64_t{1} << 31 && ahead.size() == outs.size(), "x has the wrong shape");
  require(start >= 0 && start <= stop && stop <= times, "the stretches leave the signal");
  std::vector<double*> targets;
  for (std::size_t k = 0; k < outs.size(); ++k) {
    require(ahead[k] >= 0 && ahead[k] <= times - stop, "the stretches leave the signal");
    require(outs[k].shape(0) == x.shape(0) && outs[k].shape(1) == x.shape(2) && outs[k].shape(2) == x.shape(2), "out has the wrong shape");
    targets.push_back(outs[k].data());
  }
  const std::vector<double> zero(static_cast<std::size_t>(n * n));
  const std::string chosen = resolve_level(level);
  const nb::gil_scoped_release release;
  ERLANGEN_DISPATCH(chosen, window_sums_range(0, trials, static_cast<int>(n), times, start, stop, static_cast<int>(ahead.size()),
                                              ahead.data(), x.data(), zero.data(), targets.data()));
}

}  // namespace

void bind_augment(nb::module_& m) {
  using namespace nb::literals;
  m.def("augment", &augment, "heads"_a, "tails"_a, "means"_a, "lengths"_a, "divisors"_a, "bases"_a, "past"_a, "outs"_a, "level"_a);
  m.def("lag_grid", &lag_grid, "x"_a.noconvert(), "lag"_a, "interiors"_a, "start"_a, "end"_a, "orders"_a, "lengths"_a, "divisors"_a,
        "bases"_a, "past"_a, "outs"_a, "level"_a);
  m.def("window_sums", &window_sums, "x"_a.noconvert(), "ahead"_a, "start"_a, "stop"_a, "outs"_a, "level"_a);
  m.def("edge_sums", &edge_sums, "x"_a.noconvert(), "ahead"_a, "origin"_a, "step"_a, "lag"_a, "out"_a.noconvert(), "level"_a);
}

}  // namespace erlangen
