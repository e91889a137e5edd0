// Running sums of lagged products over stretches of a signal.
// Definition: edge_sums.hpp.
// Convention: see lanes/stretches.hpp.
#include "edge_sums.hpp"

#include "lanes/stretches.hpp"

namespace erlangen::ERLANGEN_LEVEL {

void edge_sums_range(std::int64_t begin, std::int64_t end, const Stretches& s, const double* x, double* out) {
  const std::int64_t area = static_cast<std::int64_t>(s.n) * s.n;
  for (std::int64_t trial = begin; trial < end; ++trial) {
    const double* samples = x + trial * s.times * s.n;
    double* sums = out + trial * s.count * area;
    for (std::int64_t i = s.count - 2; i >= 0; --i) {
      const double* here = samples + (s.origin + i * s.step) * s.n;
      add_stretch(here + s.ahead * s.n, here, s.n, s.lag, sums + (i + 1) * area, sums + i * area);
    }
  }
}

}  // namespace erlangen::ERLANGEN_LEVEL
