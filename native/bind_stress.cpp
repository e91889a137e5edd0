// Bindings of stress descent and of single-point majorisation.
// Definition: stress_epoch plays one whole tournament; place_points moves each point towards its distances to fixed landmarks.
// Convention: z is changed in place; distances are (n, n), or (points, landmarks).
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <atomic>
#include <barrier>
#include <optional>

#include "bindings.hpp"
#include "dispatch.hpp"
#include "parallel.hpp"

namespace erlangen {
namespace {

using Matrix = Array<const double, 2>;

void stress_sgd_epoch(Array<double, 2> z, Matrix distance, std::optional<Matrix> weight, Array<const std::int32_t, 1> order, double eta,
                      int threads, const std::string& level) {
  const auto n = static_cast<std::int64_t>(z.shape(0)), players = static_cast<std::int64_t>(order.shape(0));
  const int d = static_cast<int>(z.shape(1));
  require(static_cast<std::int64_t>(distance.shape(0)) == n && static_cast<std::int64_t>(distance.shape(1)) == n,
          "distances are not n x n");
  require(!weight || (weight->shape(0) == distance.shape(0) && weight->shape(1) == distance.shape(1)), "weights are not n x n");
  require(players % 2 == 0 && players >= n && players <= n + 1, "order must have an even length n or n + 1");
  std::vector<bool> seen(players, false);  // a player twice in the order would be moved by two threads at once
  for (std::int64_t k = 0; k < players; ++k) {
    const std::int32_t player = order.data()[k];
    require(player >= 0 && player < players && !seen[player], "order is not a permutation of the players");
    seen[player] = true;
  }
  if (players < 2) return;
  const std::string chosen = resolve_level(level);
  const double* w = weight ? weight->data() : nullptr;
  const std::int64_t rounds = players - 1, pairs = players / 2;
  if (pairs < 4096) threads = 1;
  const nb::gil_scoped_release release;
  std::vector<double> seated(players * d, 0.0);  // coordinate by coordinate in the order of the players, so that a round reads it in a row
  for (std::int64_t k = 0; k < players; ++k)
    for (int c = 0; c < d && order.data()[k] < n; ++c) seated[c * players + k] = z.data()[order.data()[k] * d + c];
  const auto rise = [&] {
    for (std::int64_t k = 0; k < players; ++k)
      for (int c = 0; c < d && order.data()[k] < n; ++c) z.data()[order.data()[k] * d + c] = seated[c * players + k];
  };
  auto play = [&](std::int64_t round, std::int64_t begin, std::int64_t end) {
    ERLANGEN_DISPATCH(chosen, stress_round(begin, end, round, players, n, d, order.data(), distance.data(), w, eta, seated.data()));
  };
  if (threads <= 1) {
    for (std::int64_t round = 0; round < rounds; ++round) play(round, 0, pairs);
    return rise();
  }
  // The threads wait until it is known how many of them the system gave; the pairs of a round are then shared among those.
  std::atomic<int> given{0};
  std::optional<std::barrier<>> gate;
  auto work = [&](int t) {
    given.wait(0);
    const int share = given.load();
    for (std::int64_t round = 0; round < rounds; ++round) {
      play(round, pairs * t / share, pairs * (t + 1) / share);
      gate->arrive_and_wait();
    }
  };
  std::vector<std::thread> pool;
  pool.reserve(threads - 1);
  try {
    for (int t = 1; t < threads; ++t) pool.emplace_back(work, t);
  } catch (const std::system_error&) {
  }
  const int share = static_cast<int>(pool.size()) + 1;
  gate.emplace(share);
  given.store(share);
  given.notify_all();
  work(0);
  for (auto& thread : pool) thread.join();
  rise();
}

void place_points_sweep(Array<double, 2> z, Matrix landmarks, Matrix distance, std::optional<Matrix> weight, int iterations, int threads,
                        const std::string& level) {
  const auto n = static_cast<std::int64_t>(z.shape(0)), m = static_cast<std::int64_t>(landmarks.shape(0));
  const int d = static_cast<int>(z.shape(1));
  require(static_cast<int>(landmarks.shape(1)) == d, "landmarks and points differ in dimension");
  require(d <= most_components, "at most 64 dimensions");
  require(static_cast<std::int64_t>(distance.shape(0)) == n && static_cast<std::int64_t>(distance.shape(1)) == m,
          "distances are not points x landmarks");
  require(!weight || (weight->shape(0) == distance.shape(0) && weight->shape(1) == distance.shape(1)), "weights have the wrong shape");
  const std::string chosen = resolve_level(level);
  const double* w = weight ? weight->data() : nullptr;
  const nb::gil_scoped_release release;
  std::vector<double> y(m * d);  // coordinate by coordinate
  for (std::int64_t l = 0; l < m; ++l)
    for (int c = 0; c < d; ++c) y[c * m + l] = landmarks.data()[l * d + c];
  parallel_for(n, 64, threads, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> space(2 * m);
    ERLANGEN_DISPATCH(chosen,
                      place_points_range(begin, end, m, d, y.data(), distance.data(), w, iterations, space.data(), z.data()));
  });
}
}  // namespace

void bind_stress(nb::module_& m) {
  using namespace nb::literals;
  m.def("stress_sgd_epoch", &stress_sgd_epoch, "z"_a.noconvert(), "distance"_a.noconvert(), "weight"_a.noconvert().none(), "order"_a,
        "eta"_a, "threads"_a, "level"_a);
  m.def("place_points_sweep", &place_points_sweep, "z"_a.noconvert(), "landmarks"_a.noconvert(), "distance"_a.noconvert(),
        "weight"_a.noconvert().none(), "iterations"_a, "threads"_a, "level"_a);
}

}  // namespace erlangen
