// Single-point majorisation against landmarks.
// Definition: see the Python twin in estimators/mds (de Leeuw's majorisation for one free point).
// Convention: a distance that is not finite or a weight of zero is passed over.
#include <cmath>

#include "kernels.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

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
