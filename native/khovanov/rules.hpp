// The two theories a scan can follow.
// Definition: each names its caches of compositions and gluings, and keeps what it must know of the region scanned.
// Convention: OddRules hold for a region that stays a disc; their signs depend on it, those of the even theory on nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "odd_rules.hpp"
#include "surfaces.hpp"
#include "tangle.hpp"

namespace erlangen::khovanov {

// The even theory: surfaces without signs.
struct EvenRules {
  using Narrow = CompositionCache<false>;
  using Wide = CompositionCache<true>;
  using Joining = khovanov::Joining;
  static constexpr bool kOdd = false;
  void restart() {}
  void replay(std::size_t, const std::vector<std::int32_t>&) {}
};

// The odd theory on a region that stays a disc.
struct OddRules {
  using Narrow = OddCompositionCache;
  using Wide = OddCompositionCache;
  using Joining = OddJoining;
  static constexpr bool kOdd = true;
  OddPlane plane;
  Disc disc{};
  std::optional<OddStep> step{};
  void restart() {
    plane.restart();
    disc = {};
  }
  void replay(std::size_t done, const std::vector<std::int32_t>& edges) {
    plane.restart();
    while (done--) plane.advance();
    disc = plane.disc(edges);
  }
};

}  // namespace erlangen::khovanov
