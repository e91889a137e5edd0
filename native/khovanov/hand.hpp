// What one thread of a scan works with: blocks of memory, caches, and room for rows in the making.
// Definition: a cache keeps a pure function of matchings, so that hands with caches of their own find the same.
// Convention: hand 0 is the caller's. A block of memory may pass from hand to hand; all arenas are reset together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "complex.hpp"
#include "matchings.hpp"
#include "memory.hpp"
#include "rules.hpp"

namespace erlangen::khovanov {

template <typename Scalar, typename Rules>
struct Hand {
  using T = Term<Scalar>;
  explicit Hand(Meter& meter) : arena(meter) {}

  Arena arena;
  CircleCache old_circles, circles;
  typename Rules::Narrow narrow;
  typename Rules::Wide wide;
  NameCache<false> narrow_names;
  NameCache<true> wide_names;
  Cache<typename Rules::Joining> joinings;
  Row<T> rows[4], fresh, merged;
  Circles below;
  std::vector<Circles> above;  // circles of the pivot's matching with that of each of its groups, where traced
  std::vector<char> traced;
  std::uint32_t pivot = ~0u;  // of which `above` tells
  std::uint64_t compositions = 0, reductions = 0;

  std::size_t bytes() const {
    return old_circles.bytes() + circles.bytes() + narrow.bytes() + wide.bytes() + narrow_names.bytes() + wide_names.bytes() + joinings.bytes();
  }

  // All caches empty, for surfaces between `old` and `fresh`, where a complex has so many generators.
  void restart(const Matchings& old, const Matchings& fresh_matchings, std::size_t generators) {
    old_circles.restart(old, places(2 * generators, std::size_t{1} << 14));
    circles.restart(fresh_matchings, places(4 * generators, std::size_t{1} << 14));
    joinings.restart(places(2 * generators, std::size_t{1} << 12));
    const std::size_t compositions_kept = Rules::kOdd ? places(4 * generators, std::size_t{1} << 18) : places(2 * generators, std::size_t{1} << 16);
    const bool is_wide = fresh_matchings.points() > 16;
    if (is_wide) wide.restart(fresh_matchings, circles, compositions_kept);
    else narrow.restart(fresh_matchings, circles, compositions_kept);
    if constexpr (!Rules::kOdd) {
      if (is_wide) wide_names.restart(fresh_matchings, places(8 * generators, std::size_t{1} << 17));
      else narrow_names.restart(fresh_matchings, places(8 * generators, std::size_t{1} << 17));
    }
  }

 private:
  static std::size_t places(std::size_t wanted, std::size_t most) {
    std::size_t n = 16;
    while (n < wanted && n < most) n *= 2;
    return n;
  }
};

template <typename Scalar, typename Rules>
using Hands = std::vector<std::unique_ptr<Hand<Scalar, Rules>>>;

}  // namespace erlangen::khovanov
