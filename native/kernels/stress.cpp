// Stochastic stress descent in tournament order, and single-point majorisation against landmarks.
// Definition: see the Python twins in estimators/mds (Zheng, Pawar, Goodman 2018, eq. 2; de Leeuw's majorisation for one free point).
// Convention: pairs of one round are disjoint; a distance that is not finite or a weight of zero is passed over.
#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

// Pairs between the one that moves and the one whose distance is fetched: the matrix is read in no order a cache could foresee.
constexpr std::int64_t ahead = 16;

// One pair moves towards its distance by the fraction mu = min(w eta, 1).
template <int fixed>
inline void move_pair(std::int64_t i, std::int64_t j, std::int64_t n, int dimension, const double* distance, const double* weight,
                      double eta, double* z) {
  const int d = fixed ? fixed : dimension;
  const double target = distance[i * n + j];
  const double w = weight ? weight[i * n + j] : 1.0 / (target * target);
  if (!(w > 0.0) || !std::isfinite(target) || !std::isfinite(w)) return;
  double* a = z + i * d;
  double* b = z + j * d;
  double square = 0.0;
  for (int c = 0; c < d; ++c) square += (a[c] - b[c]) * (a[c] - b[c]);
  const double length = std::sqrt(square);
  if (!(length > 0.0)) return;
  const double mu = w * eta < 1.0 ? w * eta : 1.0;
  const double factor = mu * (length - target) / (2.0 * length);
  for (int c = 0; c < d; ++c) {
    const double step = factor * (a[c] - b[c]);
    a[c] -= step;
    b[c] += step;
  }
}

template <int fixed>
inline void round_of(std::int64_t begin, std::int64_t end, std::int64_t round, std::int64_t players, std::int64_t n, int d,
                     const std::int32_t* order, const double* distance, const double* weight, double eta, double* z) {
  const std::int64_t m = players - 1;
  const auto pair = [&](std::int64_t k) {
    std::int64_t left = round + k, right = round - k;
    if (left >= m) left -= m;
    if (right < 0) right += m;
    return std::pair<std::int64_t, std::int64_t>(k ? order[left] : order[m], order[right]);
  };
  for (std::int64_t k = begin; k < end; ++k) {
    const auto [far_i, far_j] = pair(std::min(k + ahead, end - 1));
    if (far_i < n && far_j < n) {
      __builtin_prefetch(distance + far_i * n + far_j);
      if (weight) __builtin_prefetch(weight + far_i * n + far_j);
    }
    const auto [i, j] = pair(k);
    if (i >= n || j >= n) continue;
    move_pair<fixed>(i, j, n, d, distance, weight, eta, z);
  }
}

template <int fixed>
inline void place(std::int64_t begin, std::int64_t end, std::int64_t landmarks, int dimension, const double* y, const double* distance,
                  const double* weight, int iterations, double* z) {
  const int d = fixed ? fixed : dimension;
  constexpr int most = fixed ? fixed : 64;
  for (std::int64_t i = begin; i < end; ++i) {
    const double* target = distance + i * landmarks;
    const double* given = weight ? weight + i * landmarks : nullptr;
    double point[most];
    for (int c = 0; c < d; ++c) point[c] = z[i * d + c];
    for (int step = 0; step < iterations; ++step) {
      double total = 0.0, sum[most] = {};
      for (std::int64_t l = 0; l < landmarks; ++l) {
        const double t = target[l];
        double w = given ? given[l] : (t > 0.0 ? 1.0 / (t * t) : 0.0);
        double square = 0.0, gap[most];
        for (int c = 0; c < d; ++c) {
          gap[c] = point[c] - y[l * d + c];
          square += gap[c] * gap[c];
        }
        const double ratio = square > 0.0 ? t / std::sqrt(square) : 0.0;
        const bool usable = w > 0.0 && w < 1e300 && t < 1e300;
        w = usable ? w : 0.0;
        const double pull = usable ? w * ratio : 0.0;
        total += w;
        for (int c = 0; c < d; ++c) sum[c] += w * y[l * d + c] + pull * gap[c];
      }
      if (!(total > 0.0)) break;
      for (int c = 0; c < d; ++c) point[c] = sum[c] / total;
    }
    for (int c = 0; c < d; ++c) z[i * d + c] = point[c];
  }
}
}  // namespace

void stress_round(std::int64_t begin, std::int64_t end, std::int64_t round, std::int64_t players, std::int64_t n, int d,
                  const std::int32_t* order, const double* distance, const double* weight, double eta, double* z) {
  if (d == 2)
    round_of<2>(begin, end, round, players, n, d, order, distance, weight, eta, z);
  else if (d == 3)
    round_of<3>(begin, end, round, players, n, d, order, distance, weight, eta, z);
  else
    round_of<0>(begin, end, round, players, n, d, order, distance, weight, eta, z);
}

void place_points_range(std::int64_t begin, std::int64_t end, std::int64_t landmarks, int d, const double* y, const double* distance,
                        const double* weight, int iterations, double* z) {
  if (d == 2)
    place<2>(begin, end, landmarks, d, y, distance, weight, iterations, z);
  else if (d == 3)
    place<3>(begin, end, landmarks, d, y, distance, weight, iterations, z);
  else
    place<0>(begin, end, landmarks, d, y, distance, weight, iterations, z);
}
}  // namespace erlangen::ERLANGEN_LEVEL
