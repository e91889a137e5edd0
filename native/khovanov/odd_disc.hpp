// Saddles inside and outside a disc, and the sign of exchanging two of them in the odd theory.
// Definition: faces of type A, C, X, Y (Ozsvath, Rasmussen, Szabo, 0710.4300, section 2; Putyra, 1310.1895, section 5).
// Convention: all curves run with black on their left; a saddle takes arcs p -> q, r -> s to p -> s, r -> q; a split is x_p - x_q.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "matchings.hpp"

namespace erlangen::khovanov {

constexpr int kStatePoints = kMaxPoints + 4;  // the ends of a tangle and those of one crossing

struct Saddle {
  bool outer, black;
  std::uint8_t p, q, r, s;
};

// At most as many saddles as there are arcs.
struct Saddles {
  int count = 0;
  std::array<Saddle, kMaxCircles> all;
  void push(const Saddle& saddle) { all[static_cast<std::size_t>(count++)] = saddle; }
  const Saddle* begin() const { return all.data(); }
  const Saddle* end() const { return all.data() + count; }
};

// Circles made of inner and outer arcs with the same ends.
struct ClosedState {
  int points = 0;
  std::array<std::uint8_t, kStatePoints> inner, outer;

  ClosedState() = default;
  ClosedState(const std::uint8_t* inside, const std::uint8_t* outside, int n) : points(n) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) inner[i] = inside[i], outer[i] = outside[i];
  }

  void apply(const Saddle& x) {
    auto& side = x.outer ? outer : inner;
    side[x.p] = x.s, side[x.s] = x.p, side[x.r] = x.q, side[x.q] = x.r;
  }

  bool splits(const Saddle& x) const {
    std::uint8_t at = x.p;
    do {
      if (at == x.r || inner[at] == x.r) return true;
      at = outer[inner[at]];
    } while (at != x.p);
    return false;
  }

  // Circle of each point, circles numbered by their least points.
  int trace(std::array<std::uint8_t, kStatePoints>& of) const {
    std::uint64_t left = (std::uint64_t{1} << points) - 1;
    int count = 0;
    for (; left; ++count) {
      const auto start = static_cast<std::uint8_t>(__builtin_ctzll(left));
      std::uint8_t at = start;
      do {
        const std::uint8_t other = inner[at];
        of[at] = of[other] = static_cast<std::uint8_t>(count);
        left &= ~(std::uint64_t{1} << at | std::uint64_t{1} << other);
        at = outer[other];
      } while (at != start);
    }
    return count;
  }

  // Whether (two one) = -(one two); where both vanish, whether the face is of type Y.
  bool anticommute(const Saddle& one, const Saddle& two) const {
    const bool one_splits = splits(one), two_splits = splits(two);
    ClosedState last = *this;
    last.apply(one);
    const int number = one_splits + last.splits(two);
    if (number != 1) return number == 2;
    last.apply(two);
    std::array<std::uint8_t, kStatePoints> of;
    last.trace(of);
    const Saddle &first = one_splits ? one : two, &second = two_splits ? two : one;
    if (of[first.p] == of[first.q]) return linked(one, two);
    return of[first.p] != of[second.p];
  }

 private:
  // From the tail of one along the circle: type X if the first arc of `two` met is p -> q and black, or r -> s and white.
  bool linked(const Saddle& one, const Saddle& two) const {
    std::uint8_t at = one.q;
    for (bool outside = !one.outer;; outside = !outside) {
      if (two.outer == outside && (at == two.p || at == two.r)) return (at == two.p) != two.black;
      at = outside ? outer[at] : inner[at];
    }
  }
};

// Sign of exchanging two sequences of saddles, both starting at `state`.
inline bool transport_sign(ClosedState state, const Saddles& across, const Saddles& along) {
  bool negative = false;
  for (const Saddle& saddle : across) {
    ClosedState place = state;
    for (const Saddle& step : along) {
      negative ^= place.anticommute(saddle, step);
      place.apply(step);
    }
    state.apply(saddle);
  }
  return negative;
}

inline bool odd_splits(ClosedState state, const Saddles& saddles) {
  bool odd = false;
  for (const Saddle& saddle : saddles) {
    odd ^= state.splits(saddle);
    state.apply(saddle);
  }
  return odd;
}

// A product of forms x_p - x_q, the last split first.
struct Forms {
  int count = 0;
  std::array<std::array<std::uint8_t, 2>, kMaxCircles> all;

  Forms() = default;
  Forms(ClosedState state, const Saddles& saddles) {
    for (const Saddle& saddle : saddles) {
      if (state.splits(saddle)) all[static_cast<std::size_t>(count++)] = {saddle.p, saddle.q};
      state.apply(saddle);
    }
    for (int i = 0, j = count - 1; i < j; ++i, --j) std::swap(all[static_cast<std::size_t>(i)], all[static_cast<std::size_t>(j)]);
  }
};

// Ends around a disc anticlockwise, whether each runs inwards, and the closure outside by 0-resolutions.
struct Disc {
  int points = 0;
  std::array<std::uint8_t, kMaxPoints> order, closure;
  std::array<bool, kMaxPoints> inwards;

  // Saddles from one crossingless matching to another, arcs made from the innermost outwards.
  Saddles path(const std::uint8_t* from, const std::uint8_t* to, bool outer) const {
    Saddles found;
    std::array<std::uint8_t, kMaxPoints> now, open;
    for (int i = 0; i < points; ++i) now[static_cast<std::size_t>(i)] = from[i];
    std::size_t depth = 0;
    for (int i = 0; i < points; ++i) {
      const std::uint8_t second = order[static_cast<std::size_t>(i)];
      if (depth == 0 || to[open[depth - 1]] != second) {
        open[depth++] = second;
        continue;
      }
      const std::uint8_t first = open[--depth];
      if (now[first] == second) continue;
      const bool forward = inwards[first] != outer;
      const std::uint8_t p = forward ? first : second, s = forward ? second : first;
      const Saddle saddle{outer, !inwards[first], p, now[p], now[s], s};
      found.push(saddle);
      now[p] = s, now[s] = p, now[saddle.r] = saddle.q, now[saddle.q] = saddle.r;
    }
    return found;
  }
};

// Products of names in an exterior algebra: sets of names as bits, in ascending order.
struct Monomial {
  std::uint64_t names = 0;
  bool negative = false, zero = false;
  void times(unsigned name) {
    zero |= names >> name & 1;
    negative ^= __builtin_popcountll(names >> name >> 1) & 1;
    names |= std::uint64_t{1} << name;
  }
};

}  // namespace erlangen::khovanov
