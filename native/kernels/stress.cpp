// Stochastic stress descent in tournament order.
// Definition: see the Python twin in estimators/mds (Zheng, Pawar, Goodman 2018, eq. 2).
// Convention: pairs of one round are disjoint; a distance that is not finite or a weight of zero is passed over; no product is fused with a
// sum (see CMakeLists.txt), so that a pair moves to the same bits in whatever group it stands.
#include <cmath>

#include "kernels.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

constexpr int group = 8, lead = 7;  // pairs of a group; groups between the one whose distances are asked for and the one that moves
constexpr double infinity = __builtin_huge_val();

// Consecutive pairs of a round: seats up, up + 1, ... against down, down - 1, ...
struct Pairs {
  std::int64_t up, down;
  int count;
  double target[group], weight[group];
};

// A round of the tournament: seat m stays, and the pairs are (m, round) and (round + k, round - k) modulo m.
struct Round {
  std::int64_t k, end, round, m, n;
  const std::int32_t* order;
  const double *distance, *weight;

  // Take the next pairs whose seats do not wrap, and ask for their distances: the matrix is read in no order a cache could foresee.
  void take(Pairs& p) {
    p.up = !k ? m : round + k < m ? round + k : round + k - m;
    p.down = k <= round ? round - k : round - k + m;
    std::int64_t stop = !k ? 1 : k + group;
    if (k < m - round && stop > m - round) stop = m - round;
    if (k <= round && stop > round + 1) stop = round + 1;
    if (stop > end) stop = end;
    p.count = k < stop ? static_cast<int>(stop - k) : 0;
    for (int g = 0; g < p.count; ++g) {
      const std::int64_t i = order[p.up + g], j = order[p.down - g];
      __builtin_prefetch(distance + i * n + j);
      if (weight) __builtin_prefetch(weight + i * n + j);
    }
    k = stop;
  }

  // Read the distances asked for; whoever rests has none.
  void read(Pairs& p) const {
    for (int g = 0; g < p.count; ++g) {
      const std::int64_t i = order[p.up + g], j = order[p.down - g];
      const bool plays = i < n && j < n;
      p.target[g] = plays ? distance[i * n + j] : infinity;
      if (weight) p.weight[g] = plays ? weight[i * n + j] : 0.0;
    }
  }
};

// Each pair moves towards its distance by the fraction mu = min(w eta, 1); x holds the coordinates seat by seat.
// Loops over a group are kept as loops (unroll 1): unrolled they would no longer become vector instructions.
template <int fixed, bool full>
inline void move(const Pairs& p, std::int64_t seats, int dimension, bool weighted, double eta, double* x) {
  const int d = fixed ? fixed : dimension, count = full ? group : p.count;
  double square[group] = {}, factor[group];
  for (int c = 0; c < d; ++c) {
    const double *a = x + c * seats + p.up, *b = x + c * seats + p.down;
#pragma GCC unroll 1
    for (int g = 0; g < count; ++g) square[g] += (a[g] - b[-g]) * (a[g] - b[-g]);
  }
#pragma GCC unroll 1
  for (int g = 0; g < count; ++g) {
    const double length = std::sqrt(square[g]), target = p.target[g], w = weighted ? p.weight[g] : 1.0 / (target * target);
    const bool counts = (w > 0.0) & (w < infinity) & (target > -infinity) & (target < infinity) & (length > 0.0);
    const double mu = w * eta < 1.0 ? w * eta : 1.0, whole = mu * (length - target) / (2.0 * length);
    factor[g] = counts ? whole : 0.0;
  }
  for (int c = 0; c < d; ++c) {
    double *a = x + c * seats + p.up, *b = x + c * seats + p.down, step[group];
#pragma GCC unroll 1
    for (int g = 0; g < count; ++g) step[g] = factor[g] * (a[g] - b[-g]);
#pragma GCC unroll 1
    for (int g = 0; g < count; ++g) a[g] -= step[g];
#pragma GCC unroll 1
    for (int g = 0; g < count; ++g) b[-g] += step[g];
  }
}

template <int fixed>
inline void play(Round& round, int d, double eta, double* x) {
  const std::int64_t seats = round.m + 1;
  const bool weighted = round.weight != nullptr;
  Pairs ring[lead + 1];
  for (int g = 0; g < lead; ++g) round.take(ring[g]);
  round.read(ring[0]);
  for (int now = 0; ring[now].count; now = (now + 1) % (lead + 1)) {
    round.take(ring[(now + lead) % (lead + 1)]);
    round.read(ring[(now + 1) % (lead + 1)]);
    if (ring[now].count == group)
      move<fixed, true>(ring[now], seats, d, weighted, eta, x);
    else
      move<fixed, false>(ring[now], seats, d, weighted, eta, x);
  }
}
}  // namespace

void stress_round(std::int64_t begin, std::int64_t end, std::int64_t round, std::int64_t players, std::int64_t n, int d,
                  const std::int32_t* order, const double* distance, const double* weight, double eta, double* x) {
  Round pairs{begin, end, round, players - 1, n, order, distance, weight};
  if (d == 2)
    play<2>(pairs, d, eta, x);
  else if (d == 3)
    play<3>(pairs, d, eta, x);
  else
    play<0>(pairs, d, eta, x);
}
}  // namespace erlangen::ERLANGEN_LEVEL
