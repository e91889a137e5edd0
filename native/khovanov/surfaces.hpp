// Dotted surfaces glued along intervals: what the glued surface is as a sum of dotted discs.
// Definition: a component of genus g with circles C is X, once dotted, else X^0(2X - H)^g spread over C; X -> all of C dotted,
//   1 -> sum over S strictly inside C of (-H)^(n-1-|S|) X_S.
// Convention: powers of H follow from degrees and are not kept; with H = 0 a component with two dots, or dot and handle, is 0.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <type_traits>

#include "matchings.hpp"

namespace erlangen::khovanov {

// Pieces, each a disc unless said, glued along intervals; tells the components and their genera.
class Gluing {
 public:
  explicit Gluing(int pieces) : pieces_(pieces) {
    for (int i = 0; i < pieces; ++i) root_[i] = static_cast<std::uint8_t>(i), euler_[i] = 1, boundary_[i] = 0;
  }
  int add_piece(int euler) {
    root_[pieces_] = static_cast<std::uint8_t>(pieces_), euler_[pieces_] = static_cast<std::int8_t>(euler), boundary_[pieces_] = 0;
    return pieces_++;
  }
  int root(int i) {
    while (root_[i] != i) i = root_[i] = root_[root_[i]];
    return i;
  }
  void glue(int i, int j) {
    i = root(i), j = root(j);
    if (i == j) return void(--euler_[i]);
    const int low = i < j ? i : j, high = i < j ? j : i;
    root_[high] = static_cast<std::uint8_t>(low);
    euler_[low] = static_cast<std::int8_t>(euler_[low] + euler_[high] - 1);
  }
  int add_circle(int piece) {
    const int r = root(piece);
    ++boundary_[r];
    return r;
  }
  int circles(int r) const { return boundary_[r]; }
  int euler(int r) const { return euler_[r]; }
  int pieces() const { return pieces_; }

 private:
  static constexpr int kMost = 2 * kMaxCircles + 4;
  int pieces_;
  std::uint8_t root_[kMost];
  std::int8_t euler_[kMost], boundary_[kMost];
};

// Components of a glued surface as bits: `special` if undotted is a sum, `odd` and `many` by genus (odd; two or more).
template <typename Mask, int most>
struct Components {
  Mask out[most];  // circles of each component
  Mask special, odd, many;

  // Component k has an Euler number and so many circles.
  template <bool deformed>
  void classify(int k, int euler, int circles) {
    const int twice = 2 - euler - circles;
    if (twice < 0 || (twice & 1) || circles == 0) throw std::logic_error("a glued surface is not orientable: the diagram is not planar");
    const int g = twice / 2;
    const auto bit = static_cast<Mask>(Mask{1} << k);
    if (g & 1) odd |= bit;
    if (g >= 2) many |= bit;
    if (circles >= 2 || (deformed ? g & 1 : g)) special |= bit;
  }

  // Number the components met from 0; `number` maps a root to its component.
  template <bool deformed>
  int settle(Gluing& gluing, std::uint8_t* number) {
    special = odd = many = 0;
    int count = 0;
    for (int i = 0; i < gluing.pieces(); ++i) {
      if (gluing.root(i) != i) continue;
      classify<deformed>(count, gluing.euler(i), gluing.circles(i));
      number[i] = static_cast<std::uint8_t>(count);
      out[count++] = 0;
    }
    return count;
  }
};

// Sum over the undotted special components `rest` (at least one), starting from the circles dotted so far.
template <bool deformed, bool parity, typename C, typename Mask, typename Emit>
void spread(const C& c, unsigned rest, Mask out, int coefficient, Emit&& emit) {
  const int k = __builtin_ctz(rest);
  rest &= rest - 1;
  const auto next = [&](Mask dotted, int factor) {
    if (rest == 0) emit(dotted, factor);
    else spread<deformed, parity>(c, rest, dotted, factor, emit);
  };
  const Mask circles = c.out[k];
  const bool odd = c.odd >> k & 1;
  if constexpr (deformed) {
    if (odd && !parity) next(static_cast<Mask>(out | circles), 2 * coefficient);
    const int sign = odd ? -coefficient : coefficient;  // the sign at |S| = n - 1 is +, and alternates
    for (Mask inside = circles; inside;) {
      inside = (inside - 1) & circles;
      bool minus = true;
      for (Mask m = circles & ~inside; m; m &= m - 1) minus = !minus;
      next(static_cast<Mask>(out | inside), minus ? -sign : sign);
      if (inside == 0) break;
    }
  } else {
    if (c.many >> k & 1) return;
    if (odd) {
      if (!parity) next(static_cast<Mask>(out | circles), 2 * coefficient);
      return;
    }
    for (Mask m = circles; m; m &= m - 1) next(static_cast<Mask>(out | (circles & ~(m & (0 - m)))), coefficient);
  }
}

// A number below 16 for each boundary point, four bits each.
template <bool wide>
struct Nibbles {
  std::uint64_t words[wide ? 2 : 1];
  void clear() {
    for (auto& w : words) w = 0;
  }
  void set(int p, unsigned value) { words[wide ? p >> 4 : 0] |= std::uint64_t{value} << 4 * (p & 15); }
  unsigned get(int p) const { return words[wide ? p >> 4 : 0] >> 4 * (p & 15) & 15; }
};

// Components of (a -> m) glued to (m -> b), a disc being named by the least point of its circle; one cache line to 16 points.
template <bool wide>
struct Composition : Components<std::conditional_t<wide, std::uint32_t, std::uint16_t>, kMaxCircles> {
  using Mask = std::conditional_t<wide, std::uint32_t, std::uint16_t>;
  std::uint64_t key;
  Nibbles<wide> of_first, of_second;  // component of each disc

  template <bool deformed>
  void build(const Circles& first, const Circles& second, const Circles& both, int points) {
    std::uint32_t meets[kMaxCircles] = {}, below[kMaxCircles];  // circles of a u m that meet one of m u b; that make a component
    std::uint8_t ends[kMaxCircles] = {}, discs[kMaxCircles], glued[kMaxCircles], circles[kMaxCircles] = {}, of[kMaxCircles];
    for (int p = 0; p < points; ++p) meets[second.of[p]] |= 1u << first.of[p], ++ends[second.of[p]];
    int count = 0;
    for (int c = 0; c < second.count; ++c) {
      std::uint32_t joined = meets[c];
      int above = 1, arcs = ends[c] / 2;
      for (int k = 0; k < count;) {
        if (!(below[k] & joined)) {
          ++k;
          continue;
        }
        joined |= below[k], above += discs[k], arcs += glued[k];
        --count, below[k] = below[count], discs[k] = discs[count], glued[k] = glued[count];
      }
      below[count] = joined, discs[count] = static_cast<std::uint8_t>(above), glued[count++] = static_cast<std::uint8_t>(arcs);
    }
    of_first.clear(), of_second.clear();
    for (int k = 0; k < count; ++k) {
      this->out[k] = 0;
      for (std::uint32_t m = below[k]; m; m &= m - 1) {
        const int c = __builtin_ctz(m);
        of[c] = static_cast<std::uint8_t>(k);
        of_first.set(first.first[c], static_cast<unsigned>(k));
        ++discs[k];
      }
    }
    for (int c = 0; c < second.count; ++c) of_second.set(second.first[c], of[__builtin_ctz(meets[c])]);
    for (int c = 0; c < both.count; ++c) {
      const unsigned k = of[first.of[both.first[c]]];
      this->out[k] |= static_cast<Mask>(1u << both.first[c]);
      ++circles[k];
    }
    this->special = this->odd = this->many = 0;
    for (int k = 0; k < count; ++k) this->template classify<deformed>(k, discs[k] - glued[k], circles[k]);
  }

  // Components and circles dotted by the discs in `mask`; false where the result is 0.
  template <bool deformed>
  bool dot(std::uint32_t mask, const Nibbles<wide>& of, unsigned& occupied, std::uint32_t& dotted) const {
    for (; mask; mask &= mask - 1) {
      const unsigned k = of.get(__builtin_ctz(mask));
      if (!deformed && (occupied >> k & 1)) return false;
      occupied |= 1u << k;
      dotted |= this->out[k];
    }
    return true;
  }

  // Terms of the composite; those with a dot in `dead` are 0.
  template <bool deformed, bool parity, typename Emit>
  void compose(std::uint32_t first, std::uint32_t second, std::uint32_t dead, Emit&& emit) const {
    unsigned occupied = 0;
    std::uint32_t dotted = 0;
    if (!dot<deformed>(first, of_first, occupied, dotted) || !dot<deformed>(second, of_second, occupied, dotted)) return;
    if (!deformed && (occupied & (this->odd | this->many))) return;
    if (dotted & dead) return;
    const unsigned rest = this->special & ~occupied;
    if (rest == 0) return emit(dotted, 1);
    spread<deformed, parity>(*this, rest, dotted, 1, [&](std::uint32_t mask, int k) {
      if (!(mask & dead)) emit(mask, k);
    });
  }
};
static_assert(sizeof(Composition<false>) == 64);

// Where every component is a disc, a dot moves to the circle of a u b through its point.
template <bool wide>
struct DiscRule {
  const Names<wide>& names;
  static constexpr unsigned odd = 0, many = 0;

  template <bool deformed, bool parity, typename Emit>
  void compose(std::uint32_t first, std::uint32_t second, std::uint32_t dead, Emit&& emit) const {
    std::uint32_t dotted = 0;
    if (!dot<deformed>(first, dotted) || !dot<deformed>(second, dotted) || (dotted & dead)) return;
    emit(dotted, 1);
  }

 private:
  template <bool deformed>
  bool dot(std::uint32_t mask, std::uint32_t& dotted) const {
    for (; mask; mask &= mask - 1) {
      const std::uint32_t disc = 1u << names.name(__builtin_ctz(mask));
      if (!deformed && (dotted & disc)) return false;
      dotted |= disc;
    }
    return true;
  }
};

template <bool wide>
class CompositionCache {
 public:
  void restart(const Matchings& matchings, CircleCache& circles, std::size_t places) {
    matchings_ = &matchings, circles_ = &circles;
    cache_.restart(places);
  }
  static std::uint64_t key(std::uint32_t a, std::uint32_t m, std::uint32_t b) { return (std::uint64_t{a} << 21 | m) << 21 | b; }
  void prefetch(std::uint32_t a, std::uint32_t m, std::uint32_t b) const { cache_.prefetch(key(a, m, b)); }
  // `first` and `second` trace the circles of a u m and m u b, and are asked only where the rule is not at hand.
  template <bool deformed, typename First, typename Second>
  const Composition<wide>& get(std::uint32_t a, std::uint32_t m, std::uint32_t b, First&& first, Second&& second) {
    const std::uint64_t wanted = key(a, m, b);
    Composition<wide>& entry = cache_.place(wanted);
    if (entry.key != wanted) [[unlikely]] {
      const Circles both = (*circles_)(a, b);  // a copy: tracing the others may evict it
      entry.template build<deformed>(first(), second(), both, matchings_->points());
      entry.key = wanted;
      ++misses;
    }
    return entry;
  }
  template <bool deformed>
  const Composition<wide>& get(std::uint32_t a, std::uint32_t m, std::uint32_t b) {
    return get<deformed>(a, m, b, [&] { return Circles((*circles_)(a, m)); }, [&] { return Circles((*circles_)(m, b)); });
  }
  void trace(Circles& circles, std::uint32_t a, std::uint32_t b) const { circles.trace((*matchings_)[a], (*matchings_)[b], matchings_->points()); }
  std::size_t bytes() const { return cache_.bytes(); }
  std::uint64_t misses = 0;

 private:
  const Matchings* matchings_ = nullptr;
  CircleCache* circles_ = nullptr;
  Cache<Composition<wide>> cache_;
};

}  // namespace erlangen::khovanov
