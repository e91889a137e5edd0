// Single-point majorisation against landmarks.
// Definition: de Leeuw's step z <- (sum w y + sum w t (z - y) / |z - y|) / sum w; see the Python twin in estimators/mds.
// Convention: a distance that is not finite or a weight of zero is passed over; sums are taken in the lanes of a register, in the same order
// for every point.
#include <cmath>

#include "kernels.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

constexpr double huge = 1e300;  // weights and distances from here on are passed over

// Write the weights w and the pulls w t of one point, and return the sum of the weights.
inline double prepare(std::int64_t landmarks, const double* target, const double* given, double* w, double* pull) {
  double total = 0.0;
#pragma omp simd reduction(+ : total)
  for (std::int64_t l = 0; l < landmarks; ++l) {
    const double t = target[l], own = given ? given[l] : 1.0 / (t * t);
    const bool counts = (own > 0.0) & (own < huge) & (t < huge);
    w[l] = counts ? own : 0.0;
    pull[l] = counts ? own * t : 0.0;
    total += w[l];
  }
  return total;
}

// One step of a point in the plane or in space: y holds the landmarks coordinate by coordinate.
template <int d>
inline void pulled(std::int64_t landmarks, const double* y, const double* pull, const double* point, double* sum) {
  double x[d], moved[d] = {};
  for (int c = 0; c < d; ++c) x[c] = point[c];
#pragma omp simd reduction(+ : moved[:d])
  for (std::int64_t l = 0; l < landmarks; ++l) {
    double square = 0.0;
    for (int c = 0; c < d; ++c) square += (x[c] - y[c * landmarks + l]) * (x[c] - y[c * landmarks + l]);
    const double share = pull[l] / std::sqrt(square), force = square > 0.0 ? share : 0.0;
    for (int c = 0; c < d; ++c) moved[c] += force * (x[c] - y[c * landmarks + l]);
  }
  for (int c = 0; c < d; ++c) sum[c] = moved[c];
}

inline void pulled_in(int d, std::int64_t landmarks, const double* y, const double* pull, const double* point, double* sum) {
  for (int c = 0; c < d; ++c) sum[c] = 0.0;
  for (std::int64_t l = 0; l < landmarks; ++l) {
    double square = 0.0;
    for (int c = 0; c < d; ++c) square += (point[c] - y[c * landmarks + l]) * (point[c] - y[c * landmarks + l]);
    const double force = square > 0.0 ? pull[l] / std::sqrt(square) : 0.0;
    for (int c = 0; c < d; ++c) sum[c] += force * (point[c] - y[c * landmarks + l]);
  }
}
}  // namespace

void place_points_range(std::int64_t begin, std::int64_t end, std::int64_t landmarks, int d, const double* y, const double* distance,
                        const double* weight, int iterations, double* space, double* z) {
  double *w = space, *pull = space + landmarks, rest[most_components], sum[most_components];
  for (std::int64_t i = begin; i < end; ++i) {
    const double total = prepare(landmarks, distance + i * landmarks, weight ? weight + i * landmarks : nullptr, w, pull);
    if (!(total > 0.0)) continue;
    for (int c = 0; c < d; ++c) {
      double mean = 0.0;
#pragma omp simd reduction(+ : mean)
      for (std::int64_t l = 0; l < landmarks; ++l) mean += w[l] * y[c * landmarks + l];
      rest[c] = mean;
    }
    double* point = z + i * d;
    for (int step = 0; step < iterations; ++step) {
      if (d == 2)
        pulled<2>(landmarks, y, pull, point, sum);
      else if (d == 3)
        pulled<3>(landmarks, y, pull, point, sum);
      else
        pulled_in(d, landmarks, y, pull, point, sum);
      for (int c = 0; c < d; ++c) point[c] = (rest[c] + sum[c]) / total;
    }
  }
}
}  // namespace erlangen::ERLANGEN_LEVEL
