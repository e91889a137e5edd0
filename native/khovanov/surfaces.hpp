// Dotted surfaces glued along intervals: what the glued surface is as a sum of dotted discs.
// Definition: a component of genus g with circles C is X, once dotted, else X^0(2X - H)^g spread over C; X -> all of C dotted,
//   1 -> sum over S strictly inside C of (-H)^(n-1-|S|) X_S.
// Convention: powers of H follow from degrees and are not kept; with H = 0 a component with two dots, or dot and handle, is 0.
#pragma once

#include <cstdint>
#include <stdexcept>

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
  int genus(int r) const {
    const int twice = 2 - euler_[r] - boundary_[r];
    if (twice < 0 || (twice & 1) || boundary_[r] == 0) throw std::logic_error("a glued surface is not orientable: the diagram is not planar");
    return twice / 2;
  }
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
  Mask special, odd, many, marked;

  // Number the components met from 0 and store what evaluation needs; `number` maps a root to its component.
  template <bool deformed>
  int settle(Gluing& gluing, std::uint8_t* number) {
    special = odd = many = 0;
    int count = 0;
    for (int i = 0; i < gluing.pieces(); ++i) {
      if (gluing.root(i) != i) continue;
      const int g = gluing.genus(i);
      const auto bit = static_cast<Mask>(1u << count);
      if (g & 1) odd |= bit;
      if (g >= 2) many |= bit;
      if (gluing.circles(i) >= 2 || (deformed ? g & 1 : g)) special |= bit;
      number[i] = static_cast<std::uint8_t>(count);
      out[count++] = 0;
    }
    return count;
  }
};

// Sum over the undotted special components `rest`, starting from the circles dotted so far.
template <bool deformed, bool parity, typename C, typename Emit>
void spread(const C& c, unsigned rest, std::uint32_t out, int coefficient, Emit&& emit) {
  if (rest == 0) return emit(out, coefficient);
  const int k = __builtin_ctz(rest);
  rest &= rest - 1;
  const std::uint32_t circles = c.out[k];
  const bool odd = c.odd >> k & 1;
  if constexpr (deformed) {
    if (odd && !parity) spread<deformed, parity>(c, rest, out | circles, 2 * coefficient, emit);
    int sign = odd ? -coefficient : coefficient;  // the sign at |S| = n - 1 is +, and alternates
    for (std::uint32_t inside = circles; inside;) {
      inside = (inside - 1) & circles;
      int missing = -1;
      for (std::uint32_t m = circles & ~inside; m; m &= m - 1) ++missing;
      spread<deformed, parity>(c, rest, out | inside, missing & 1 ? -sign : sign, emit);
      if (inside == 0) break;
    }
  } else {
    if (c.many >> k & 1) return;
    if (odd) {
      if (!parity) spread<deformed, parity>(c, rest, out | circles, 2 * coefficient, emit);
      return;
    }
    for (std::uint32_t m = circles; m; m &= m - 1) spread<deformed, parity>(c, rest, out | (circles & ~(m & -m)), coefficient, emit);
  }
}

// Components of (a -> m) glued to (m -> b): one cache line.
struct Composition : Components<std::uint16_t, kMaxCircles> {
  std::uint64_t key;
  std::uint64_t of_first, of_second;  // component of each disc, four bits each

  template <bool deformed>
  void build(const Circles& first, const Circles& second, const Circles& both, const std::uint8_t* middle, int points, int marks) {
    Gluing gluing(first.count + second.count);
    for (int p = 0; p < points; ++p)
      if (p < middle[p]) gluing.glue(first.of[p], first.count + second.of[p]);
    std::uint8_t owner[kMaxCircles], number[2 * kMaxCircles + 4];
    for (int c = 0; c < both.count; ++c) owner[c] = static_cast<std::uint8_t>(gluing.add_circle(first.of[both.first[c]]));
    settle<deformed>(gluing, number);
    for (int c = 0; c < both.count; ++c) out[number[owner[c]]] |= static_cast<std::uint16_t>(1u << c);
    of_first = of_second = 0;
    for (int i = 0; i < first.count; ++i) of_first |= std::uint64_t{number[gluing.root(i)]} << 4 * i;
    for (int i = 0; i < second.count; ++i) of_second |= std::uint64_t{number[gluing.root(first.count + i)]} << 4 * i;
    marked = marks == 0 ? 0 : marks == 1 ? 1 : static_cast<std::uint16_t>(1u | 1u << both.of[1]);
  }

  // Components and circles dotted by the discs in `mask`; false where the result is 0.
  template <bool deformed>
  bool dot(std::uint32_t mask, std::uint64_t of, unsigned& occupied, std::uint32_t& dotted) const {
    for (; mask; mask &= mask - 1) {
      const unsigned k = of >> 4 * __builtin_ctz(mask) & 15;
      if (!deformed && (occupied >> k & 1)) return false;
      occupied |= 1u << k;
      dotted |= out[k];
    }
    return true;
  }

  template <bool deformed, bool parity, typename Emit>
  void compose(std::uint32_t first, std::uint32_t second, Emit&& emit) const {
    unsigned occupied = 0;
    std::uint32_t dotted = 0;
    if (!dot<deformed>(first, of_first, occupied, dotted) || !dot<deformed>(second, of_second, occupied, dotted)) return;
    if (!deformed && (occupied & (odd | many))) return;
    if (dotted & marked) return;
    const unsigned rest = special & ~occupied;
    if (rest == 0) return emit(dotted, 1);
    spread<deformed, parity>(*this, rest, dotted, 1, [&](std::uint32_t mask, int k) {
      if (!(mask & marked)) emit(mask, k);
    });
  }
};
static_assert(sizeof(Composition) == 64);

class CompositionCache {
 public:
  void restart(const Matchings& matchings, CircleCache& circles, int marks, std::size_t places) {
    matchings_ = &matchings, circles_ = &circles, marks_ = marks;
    cache_.restart(places);
  }
  template <bool deformed>
  const Composition& get(std::uint32_t a, std::uint32_t m, std::uint32_t b) {
    const std::uint64_t key = (std::uint64_t{a} << 21 | m) << 21 | b;
    Composition& entry = cache_.place(key);
    if (entry.key != key) [[unlikely]] {
      const Circles first = (*circles_)(a, m), second = (*circles_)(m, b);
      entry.build<deformed>(first, second, (*circles_)(a, b), (*matchings_)[m], matchings_->points(), marks_);
      entry.key = key;
      ++misses;
    }
    return entry;
  }
  std::size_t bytes() const { return cache_.bytes(); }
  std::uint64_t misses = 0;

 private:
  const Matchings* matchings_ = nullptr;
  CircleCache* circles_ = nullptr;
  int marks_ = 0;
  Cache<Composition> cache_;
};

}  // namespace erlangen::khovanov
