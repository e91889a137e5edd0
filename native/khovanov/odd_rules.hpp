// Composition and gluing in the odd theory.
// Definition: a morphism a -> b is its value at the closure by a, an element of the exterior algebra of the circles of a and b; it is moved
//   there from the closure by 0-resolutions, with the signs of exchanging saddles.
// Convention: maps multiply on the left, forms of later splits first; a loop is {v+ = 1, v- = x}, target loops before circles in a product.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "matchings.hpp"
#include "odd_disc.hpp"
#include "odd_plane.hpp"
#include "tangle.hpp"

namespace erlangen::khovanov {

// A product of names, then forms, then names.
struct OddProduct {
  std::uint8_t forms = 0;
  bool negative = false;
  std::array<std::array<std::uint8_t, 2>, kMaxCircles> form;

  template <typename Last, typename Emit>
  void expand(Monomial so_far, int i, const Last& last, Emit& emit) const {
    if (so_far.zero) return;
    if (i == forms) {
      last(so_far);
      if (!so_far.zero) emit(so_far.names, so_far.negative ? -1 : 1);
      return;
    }
    Monomial minus = so_far;
    so_far.times(form[static_cast<std::size_t>(i)][0]);
    expand(so_far, i + 1, last, emit);
    minus.times(form[static_cast<std::size_t>(i)][1]);
    minus.negative = !minus.negative;
    expand(minus, i + 1, last, emit);
  }
};

// Circles are named by their least points.
struct OddComposition : OddProduct {
  std::uint64_t key;
  bool many, splits_first, splits_second;  // many: the product is 0
  static constexpr bool odd = false;
  std::array<std::uint8_t, kMaxPoints> of_first, of_second;

  template <bool deformed, bool parity, typename Emit>
  void compose(std::uint32_t first, std::uint32_t second, std::uint32_t dead, Emit&& emit) const {
    Monomial start;
    const bool dots = __builtin_popcount(first) & 1;
    start.negative = negative ^ (dots && splits_first) ^ ((dots ^ (forms & 1)) && splits_second);
    for (; second; second &= second - 1) start.times(of_second[static_cast<std::size_t>(__builtin_ctz(second))]);
    const auto last = [&](Monomial& monomial) {
      for (std::uint32_t rest = first; rest; rest &= rest - 1) monomial.times(of_first[static_cast<std::size_t>(__builtin_ctz(rest))]);
    };
    const auto kept = [&](std::uint64_t names, int k) {
      const auto mask = static_cast<std::uint32_t>(names);
      if (!(mask & dead)) emit(mask, k);
    };
    expand(start, 0, last, kept);
  }
};

class OddCompositionCache {
 public:
  void restart(const Matchings& matchings, CircleCache& circles, std::size_t places) {
    matchings_ = &matchings, circles_ = &circles;
    cache_.restart(places);
  }
  void within(const Disc& disc) { disc_ = disc; }

  static std::uint64_t key(std::uint32_t a, std::uint32_t m, std::uint32_t b) { return (std::uint64_t{a} << 21 | m) << 21 | b; }
  void prefetch(std::uint32_t a, std::uint32_t m, std::uint32_t b) const { cache_.prefetch(key(a, m, b)); }
  void trace(Circles& circles, std::uint32_t a, std::uint32_t b) const { circles.trace((*matchings_)[a], (*matchings_)[b], matchings_->points()); }
  template <bool deformed, typename First, typename Second>
  const OddComposition& get(std::uint32_t a, std::uint32_t m, std::uint32_t b, First&& first, Second&& second) {
    const std::uint64_t wanted = key(a, m, b);
    OddComposition& entry = cache_.place(wanted);
    if (entry.key != wanted) [[unlikely]] {
      build(a, m, b, first(), second(), entry);
      entry.key = wanted;
      ++misses;
    }
    return entry;
  }
  template <bool deformed>
  const OddComposition& get(std::uint32_t a, std::uint32_t m, std::uint32_t b) {
    return get<deformed>(a, m, b, [&] { return Circles((*circles_)(a, m)); }, [&] { return Circles((*circles_)(m, b)); });
  }
  std::size_t bytes() const { return cache_.bytes(); }
  std::uint64_t misses = 0;

 private:
  void build(std::uint32_t a, std::uint32_t m, std::uint32_t b, const Circles& first, const Circles& second, OddComposition& rule) {
    const std::uint8_t *bottom = (*matchings_)[a], *middle = (*matchings_)[m], *top = (*matchings_)[b], *closure = disc_.closure.data();
    const int n = disc_.points;
    const Circles& both = (*circles_)(a, b);
    const auto name = [&](std::uint8_t point) { return both.first[both.of[point]]; };
    for (std::size_t c = 0; c < first.count; ++c) rule.of_first[first.first[c]] = name(first.first[c]);
    for (std::size_t c = 0; c < second.count; ++c) rule.of_second[second.first[c]] = name(second.first[c]);
    const Saddles up = disc_.path(middle, top, false);
    const Forms forms(ClosedState(middle, bottom, n), up);
    rule.forms = static_cast<std::uint8_t>(forms.count);
    rule.many = false;
    for (std::size_t i = 0; i < rule.forms; ++i) {
      rule.form[i] = {name(forms.all[i][0]), name(forms.all[i][1])};
      rule.many |= rule.form[i][0] == rule.form[i][1];
    }
    const Saddles route = disc_.path(closure, bottom, true);
    rule.negative = transport_sign({bottom, closure, n}, disc_.path(bottom, middle, false), route) ^
                    transport_sign({middle, closure, n}, up, route) ^
                    transport_sign({bottom, closure, n}, disc_.path(bottom, top, false), route);
    rule.splits_first = odd_splits({middle, closure, n}, route);
    rule.splits_second = odd_splits({top, closure, n}, route);
  }

  const Matchings* matchings_ = nullptr;
  CircleCache* circles_ = nullptr;
  Disc disc_;
  Cache<OddComposition> cache_;
};

struct OddJoining : OddProduct {
  std::uint64_t key;
  bool dot_negative, splits_below, splits_above;
  std::uint8_t loops;                        // of the source
  std::array<std::uint8_t, kMaxPoints> of;   // names of old circles: target loops are 0 and 1, the circle of least point p is 2 + p
  std::array<std::uint8_t, 2> of_loop;       // names of the source's loops

  template <bool deformed, bool parity, typename Emit>
  void apply(std::uint32_t dots, Emit&& emit) const {
    const bool odd_dots = __builtin_popcount(dots) & 1;
    for (unsigned below = 0; below < 1u << loops; ++below) {
      const bool odd_below = __builtin_popcount(below) & 1;
      Monomial start;  // the number of names of the result has the parity of dots + forms + below
      start.negative = negative ^ (odd_dots && dot_negative) ^ (odd_below && splits_below) ^ ((odd_below ^ (forms & 1)) && splits_above);
      for (std::uint32_t rest = dots; rest; rest &= rest - 1) start.times(of[static_cast<std::size_t>(__builtin_ctz(rest))]);
      const auto last = [&](Monomial& monomial) {
        for (unsigned l = 0; l < loops; ++l)
          if (below >> l & 1) monomial.times(of_loop[l]);
      };
      const Dots plus = Dots{~below & ((1u << loops) - 1)} << kSourceLoop;
      const auto placed = [&](std::uint64_t names, int k) { emit(names >> 2 | (names & 3u) << kTargetLoop | plus, k); };
      expand(start, 0, last, placed);
    }
  }
};

// One crossing about to be glued to a disc.
class OddStep {
 public:
  // Points of the glued state: old ones, then the four slots.
  OddStep(const OddPlane& plane, const std::vector<std::int32_t>& old_edges, const std::vector<std::int32_t>& new_edges, const Disc& before)
      : before_(before), after_(plane.disc(new_edges)), old_(static_cast<int>(old_edges.size())), all_(old_ + 4) {
    const Crossing& crossing = plane.crossing();
    const auto find = [](const auto& list, std::int32_t label) {
      for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i] == label) return static_cast<int>(i);
      return -1;
    };
    for (std::size_t e = 0; e < 4; ++e)
      for (std::size_t f = 0; f < 4; ++f)
        if (e != f && crossing[e] == crossing[f]) outside_[static_cast<std::size_t>(old_) + e] = static_cast<std::uint8_t>(old_ + static_cast<int>(f));
    for (std::size_t e = 0; e < 4; ++e) {
      const int p = find(old_edges, crossing[e]);
      if (p < 0) continue;
      outside_[static_cast<std::size_t>(old_) + e] = static_cast<std::uint8_t>(p);
      outside_[static_cast<std::size_t>(p)] = static_cast<std::uint8_t>(old_ + static_cast<int>(e));
    }
    for (std::size_t n = 0; n < new_edges.size(); ++n) {
      const int p = find(old_edges, new_edges[n]);
      up_[n] = static_cast<std::uint8_t>(p >= 0 ? p : old_ + find(crossing, new_edges[n]));
    }
    const auto slot = [&](int s) { return static_cast<std::uint8_t>(old_ + s); };
    const Saddle here = plane.black() ? Saddle{false, true, slot(0), slot(1), slot(2), slot(3)} : Saddle{false, false, slot(3), slot(2), slot(1), slot(0)};
    saddle_.push(here);
  }

  const Disc& disc() const { return after_; }

  // An old morphism a -> b times the identity of resolution r; `low` and `high` are the glued matchings.
  void prism(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* low, const std::uint8_t* high, const Circles& old, const Circles& fresh,
             const Joined& source, const Joined& target, int r, OddJoining& rule) const {
    const Saddles across = before_.path(a, b, false);
    bool negative = false;
    rule.dot_negative = false;
    if (r) {
      negative = transport_sign(glued(a, 0, after_.closure.data()), across, saddle_);
      rule.dot_negative = glued(b, 0, after_.closure.data()).splits(saddle_.all[0]);
    }
    map(glued(a, r, after_.closure.data()), glued(b, r, low), across, negative, low, high, old, fresh, source, target, rule);
  }

  // The saddle of the crossing on a matching.
  void saddle(const std::uint8_t* a, const std::uint8_t* low, const std::uint8_t* high, const Circles& old, const Circles& fresh, const Joined& source,
              const Joined& target, OddJoining& rule) const {
    rule.dot_negative = false;
    map(glued(a, 0, after_.closure.data()), glued(a, 1, low), saddle_, false, low, high, old, fresh, source, target, rule);
  }

 private:
  // Inside: a matching and a resolution; outside: glued pairs and a closure of the new ends.
  ClosedState glued(const std::uint8_t* a, int r, const std::uint8_t* closure) const {
    static constexpr std::uint8_t kArcs[2][4] = {{1, 0, 3, 2}, {3, 2, 1, 0}};
    ClosedState state;
    state.points = all_;
    state.outer = outside_;
    for (std::size_t p = 0; p < static_cast<std::size_t>(old_); ++p) state.inner[p] = a[p];
    for (std::size_t e = 0; e < 4; ++e) state.inner[static_cast<std::size_t>(old_) + e] = static_cast<std::uint8_t>(old_ + kArcs[r][e]);
    for (std::size_t n = 0; n < static_cast<std::size_t>(after_.points); ++n) state.outer[up_[n]] = up_[closure[n]];
    return state;
  }

  Saddles lifted(const Saddles& saddles) const {
    Saddles found;
    for (const Saddle& s : saddles) found.push({s.outer, s.black, up_[s.p], up_[s.q], up_[s.r], up_[s.s]});
    return found;
  }

  // A point on each loop; loops of the crossing alone come last, by their least slots.
  std::array<std::uint8_t, 2> owners(const ClosedState& state, const Joined& joined) const {
    std::array<std::uint8_t, 2> found{};
    std::array<std::uint8_t, kStatePoints> of;
    state.trace(of);
    std::uint64_t elsewhere = 0;
    for (std::size_t p = 0; p < static_cast<std::size_t>(old_); ++p) elsewhere |= std::uint64_t{1} << of[p];
    for (std::size_t n = 0; n < static_cast<std::size_t>(after_.points); ++n) elsewhere |= std::uint64_t{1} << of[up_[n]];
    std::size_t slot = 0;
    for (std::size_t l = 0; l < joined.loops; ++l) {
      if (joined.owner[l] >= 0) {
        found[l] = static_cast<std::uint8_t>(joined.owner[l]);
        continue;
      }
      while (elsewhere >> of[static_cast<std::size_t>(old_) + slot] & 1) ++slot;
      found[l] = static_cast<std::uint8_t>(static_cast<std::size_t>(old_) + slot);
      elsewhere |= std::uint64_t{1} << of[found[l]];
    }
    return found;
  }

  void map(const ClosedState& bottom, const ClosedState& top, const Saddles& across, bool negative, const std::uint8_t* low, const std::uint8_t* high,
           const Circles& old, const Circles& fresh, const Joined& source, const Joined& target, OddJoining& rule) const {
    const int n = after_.points;
    const std::uint8_t* closure = after_.closure.data();
    const Saddles route = after_.path(closure, low, true);
    rule.negative = negative ^ transport_sign(bottom, across, lifted(route)) ^ transport_sign({low, closure, n}, after_.path(low, high, false), route);
    rule.splits_below = odd_splits({low, closure, n}, route);
    rule.splits_above = odd_splits({high, closure, n}, route);
    ClosedState start = bottom;
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) start.outer[up_[i]] = up_[low[i]];
    const Forms forms(start, across);
    std::array<std::uint8_t, kStatePoints> of;
    std::array<std::uint8_t, kStatePoints> name{};
    top.trace(of);
    for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) name[of[up_[i]]] = static_cast<std::uint8_t>(2 + fresh.first[fresh.of[i]]);
    const std::array<std::uint8_t, 2> above = owners(top, target), below = owners(start, source);
    for (std::size_t l = 0; l < target.loops; ++l) name[of[above[l]]] = static_cast<std::uint8_t>(l);
    rule.loops = source.loops;
    for (std::size_t l = 0; l < source.loops; ++l) rule.of_loop[l] = name[of[below[l]]];
    for (std::size_t c = 0; c < old.count; ++c) rule.of[old.first[c]] = name[of[old.first[c]]];
    rule.forms = static_cast<std::uint8_t>(forms.count);
    for (std::size_t i = 0; i < rule.forms; ++i) rule.form[i] = {name[of[forms.all[i][0]]], name[of[forms.all[i][1]]]};
  }

  Disc before_, after_;
  int old_, all_;
  std::array<std::uint8_t, kStatePoints> outside_{};
  std::array<std::uint8_t, kMaxPoints> up_{};
  Saddles saddle_;
};

}  // namespace erlangen::khovanov
