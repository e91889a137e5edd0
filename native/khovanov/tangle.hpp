// Joining one crossing to a tangle: where its four ends go, and what its two resolutions do to matchings and surfaces.
// Definition: the 0-resolution of X[i,j,k,l] joins (i,j),(k,l), the 1-resolution (i,l),(j,k); an end is glued to an old boundary point,
//   to another end of the same crossing, or becomes a new boundary point.
// Convention: cut ends come first; two free ends take the places of the two glued ones where that can be, else the others close ranks.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "matchings.hpp"
#include "surfaces.hpp"

namespace erlangen::khovanov {

using Crossing = std::array<std::int32_t, 4>;

struct Joined {
  std::uint32_t id = 0;
  std::uint8_t loops = 0;
  std::int8_t owner[2] = {0, 0};  // an old point on each loop, or -1 for a loop made by the crossing alone
};

// Bits of a dotted surface: circles by their least points, then closed loops of the source (32, 33) and of the target (34, 35).
constexpr int kSourceLoop = 32, kTargetLoop = 34;
using Dots = std::uint64_t;

// Surface pieces of (a -> b) x interval with the crossing joined.
struct Joining : Components<Dots, kMaxCircles + 4> {
  std::uint64_t key;
  std::uint8_t component[kMaxPoints];

  template <bool deformed, bool parity, typename Emit>
  void apply(std::uint32_t mask, Emit&& emit) const {
    unsigned occupied = 0;
    Dots dotted = 0;
    for (; mask; mask &= mask - 1) {
      const unsigned k = component[__builtin_ctz(mask)];
      if (!deformed && (occupied >> k & 1)) return;
      occupied |= 1u << k;
      dotted |= out[k];
    }
    if (!deformed && (occupied & (odd | many))) return;
    const unsigned rest = static_cast<unsigned>(special) & ~occupied;
    if (rest == 0) return emit(dotted, 1);
    spread<deformed, parity>(*this, rest, dotted, 1, emit);
  }
};

// What joining two neighbouring points p, q of an old entry by a cap and a cup does: the circles through them, and what they become.
struct Surgery {
  Dots removed, first, second;  // discs that vanish; discs (or loops) that come
  bool same;                    // one circle ran through both: it is split in two; else two become one

  // Walk along a u b from p (and q).
  Surgery(const std::uint8_t* a, const std::uint8_t* b, int p, int q) {
    int least_before = kMaxPoints, least_after = kMaxPoints;  // least points before q and after it
    int at = p;
    bool passed = false;
    do {
      const int next = a[at];
      if (next == q) passed = true;
      else if (passed) least_after = std::min(least_after, next);
      else least_before = std::min(least_before, next);
      at = b[next];
      if (at == p) break;
      if (at == q) throw std::logic_error("two ends of a crossing meet against their orientation: the diagram is not planar");
      if (passed) least_after = std::min(least_after, at);
      else least_before = std::min(least_before, at);
    } while (true);
    same = passed;
    const int through_p = std::min({p, least_before, least_after});
    if (same) {
      removed = bit(std::min(through_p, q));
      first = least_before == kMaxPoints ? Dots{1} << kSourceLoop : bit(least_before);
      second = least_after == kMaxPoints ? Dots{1} << kTargetLoop : bit(least_after);
      return;
    }
    int least = kMaxPoints;
    at = q;
    do {
      const int next = a[at];
      least = std::min(least, next);
      at = b[next];
      if (at != q) least = std::min(least, at);
    } while (at != q);
    removed = bit(through_p) | bit(std::min(q, least));
    first = second = bit(std::min({least_before, least_after, least}));
  }

  template <bool deformed, bool parity, typename Emit>
  void apply(std::uint32_t mask, Emit&& emit) const {
    const Dots dots = mask & removed, rest = mask & ~removed;
    if (!same) {
      if (!deformed && (dots & (dots - 1))) return;
      return emit(dots ? rest | first : rest, 1);
    }
    if (dots) return emit(rest | first | second, 1);
    emit(rest | first, 1);
    emit(rest | second, 1);
    if (deformed) emit(rest, -1);
  }

 private:
  static Dots bit(int p) { return Dots{1} << p; }
};

class Junction {
 public:
  // `edges` names the boundary points; cut ends are the labels >= `cut` and stay in front.
  Junction(const std::vector<std::int32_t>& edges, const Crossing& crossing, std::int32_t cut) : old_points_(static_cast<int>(edges.size())) {
    std::array<int, 4> glued;  // old point, or -1 - other end, or kFree
    for (int e = 0; e < 4; ++e) {
      glued[e] = kFree;
      for (int f = 0; f < 4; ++f)
        if (f != e && crossing[f] == crossing[e]) glued[e] = -1 - f;
      for (int p = 0; p < old_points_; ++p)
        if (edges[p] == crossing[e]) glued[e] = p;
    }
    if (!exchange(edges, crossing, cut, glued)) place(edges, crossing, cut, glued);
    resolve(0, {1, 0, 3, 2}, glued);
    resolve(1, {3, 2, 1, 0}, glued);
    for (int e = 0; e < 4; ++e) {
      if (glued[e] >= 0 && glued[e] != kFree) saddle_points_.push_back(glued[e]);
      if (glued[e] < 0 && -1 - glued[e] > e) ++self_glued_;
    }
  }

  const std::vector<std::int32_t>& edges() const { return edges_; }
  int points() const { return static_cast<int>(edges_.size()); }
  int marks() const { return marks_; }
  // The resolution that leaves every matching as it was, or -1; the other one then puts a cap and a cup at the points `pair`.
  int identity() const { return identity_; }
  const std::array<int, 2>& pair() const { return pair_; }

  // The matching `old` with resolution r joined, written to `partner`.
  Joined join(const std::uint8_t* old, int r, std::uint8_t* partner) const {
    Joined result;
    std::uint32_t seen = 0;
    for (int n = 0; n < points(); ++n) {
      int at = origin_[n] >= 0 ? old[origin_[n]] : across_[r][old_points_ + n];
      if (origin_[n] < 0 && at >= 0) at = old[at];
      while (at >= 0 && moved_[at] < 0) {
        seen |= bit(at);
        const int next = across_[r][at];
        if (next >= 0) seen |= bit(next);
        at = next >= 0 ? old[next] : next;
      }
      if (origin_[n] < 0 && across_[r][old_points_ + n] >= 0) seen |= bit(across_[r][old_points_ + n]);
      partner[n] = static_cast<std::uint8_t>(at >= 0 ? moved_[at] : -1 - at);
    }
    for (int p = 0; p < old_points_; ++p) {
      if (moved_[p] >= 0 || (seen & bit(p))) continue;
      result.owner[result.loops++] = static_cast<std::int8_t>(p);
      for (int at = p; !(seen & bit(at));) {
        const int next = across_[r][at];
        seen |= bit(at) | bit(next);
        at = old[next];
      }
    }
    for (int f = 0; f < free_loops_[r]; ++f) result.owner[result.loops++] = -1;
    return result;
  }

  // Surface of an old entry a -> b times the identity of resolution r.
  template <bool deformed>
  void prism(const Circles& old, const Circles& fresh, const Joined& source, const Joined& target, int r, Joining& rule) const {
    Gluing gluing(old.count);
    std::array<int, kMaxPoints> owner;  // piece of each new point
    for (int n = 0; n < points(); ++n) {
      const int p = origin_[n] >= 0 ? origin_[n] : across_[r][old_points_ + n];
      if (p >= 0) owner[n] = old.of[p];
      else if (-1 - p > n) owner[n] = owner[-1 - p] = gluing.add_piece(1);
    }
    for (int p = 0; p < old_points_; ++p)
      if (moved_[p] < 0 && across_[r][p] > p) gluing.glue(old.of[p], old.of[across_[r][p]]);
    std::array<int, 2> rings{-1, -1};
    for (int f = 0; f < free_loops_[r]; ++f) rings[f] = gluing.add_piece(0);
    int ring = 0;
    finish<deformed>(gluing, old, fresh, source, target, rule, [&](int n) { return owner[n]; },
                     [&](int loop, const Joined& j) {
                       if (j.owner[loop] >= 0) return static_cast<int>(old.of[j.owner[loop]]);
                       ring = loop - (j.loops - free_loops_[r]);
                       return rings[ring];
                     });
  }

  // Surface of the saddle from resolution 0 to resolution 1 over a matching; `old` are the circles of the matching with itself.
  template <bool deformed>
  void saddle(const Circles& old, const Circles& fresh, const Joined& source, const Joined& target, Joining& rule) const {
    Gluing gluing(old.count);
    const int piece = gluing.add_piece(1);
    for (int p : saddle_points_) gluing.glue(piece, old.of[p]);
    for (int s = 0; s < self_glued_; ++s) gluing.glue(piece, piece);
    finish<deformed>(gluing, old, fresh, source, target, rule,
                     [&](int n) { return origin_[n] >= 0 ? old.of[origin_[n]] : piece; },
                     [&](int loop, const Joined& j) { return j.owner[loop] >= 0 ? static_cast<int>(old.of[j.owner[loop]]) : piece; });
  }

 private:
  static constexpr int kFree = 1 << 20;
  static std::uint32_t bit(int p) { return 1u << p; }

  // Two ends glued, two free and not cut: the free ends take over the points, by the resolution that joins each to a glued one.
  bool exchange(const std::vector<std::int32_t>& edges, const Crossing& crossing, std::int32_t cut, const std::array<int, 4>& glued) {
    std::vector<int> free, held;
    for (int e = 0; e < 4; ++e) {
      if (glued[e] < 0) return false;
      (glued[e] == kFree ? free : held).push_back(e);
    }
    if (free.size() != 2 || crossing[free[0]] >= cut || crossing[free[1]] >= cut) return false;
    const bool neighbours = held[1] - held[0] != 2;
    identity_ = !neighbours ? -1 : (held[0] ^ 1) == held[1] ? 1 : 0;
    moved_.fill(-1), fresh_.fill(-1);
    edges_ = edges;
    origin_.assign(edges.size(), -1);
    for (int p = 0; p < old_points_; ++p)
      if (p != glued[held[0]] && p != glued[held[1]]) moved_[p] = origin_[p] = p;
    for (int e : held) {
      const int opposite = identity_ == 1 ? 3 - e : e ^ 1;
      edges_[glued[e]] = crossing[opposite];
      fresh_[opposite] = glued[e];
    }
    pair_ = {std::min(glued[held[0]], glued[held[1]]), std::max(glued[held[0]], glued[held[1]])};
    marks_ = static_cast<int>(std::count_if(edges.begin(), edges.end(), [&](std::int32_t e) { return e >= cut; }));
    return true;
  }

  void place(const std::vector<std::int32_t>& edges, const Crossing& crossing, std::int32_t cut, const std::array<int, 4>& glued) {
    moved_.fill(-1);
    fresh_.fill(-1);
    const auto survives = [&](int p) { return std::find(glued.begin(), glued.end(), p) == glued.end(); };
    for (int wanted = 1; wanted >= 0; --wanted) {
      for (int p = 0; p < old_points_; ++p)
        if (survives(p) && (edges[p] >= cut) == (wanted == 1)) {
          moved_[p] = points();
          edges_.push_back(edges[p]), origin_.push_back(p);
        }
      for (int e = 0; e < 4; ++e)
        if (glued[e] == kFree && (crossing[e] >= cut) == (wanted == 1)) {
          fresh_[e] = points();
          edges_.push_back(crossing[e]), origin_.push_back(-1);
        }
      if (wanted == 1) marks_ = points();
    }
  }

  // Arcs of one resolution between old points (p >= 0) and new points (-1 - n), through ends glued to each other.
  void resolve(int r, const std::array<int, 4>& partner, const std::array<int, 4>& glued) {
    std::array<bool, 4> seen{};
    across_[r].fill(0);
    const auto exposed = [&](int e) { return glued[e] >= 0; };
    const auto name = [&](int e) { return fresh_[e] >= 0 ? -1 - fresh_[e] : glued[e]; };
    const auto slot = [&](int e) { return fresh_[e] >= 0 ? old_points_ + fresh_[e] : glued[e]; };
    for (int e = 0; e < 4; ++e) {
      if (!exposed(e) || seen[e]) continue;
      int f = partner[e];
      seen[e] = seen[f] = true;
      while (!exposed(f)) {
        const int g = -1 - glued[f];
        f = partner[g];
        seen[g] = seen[f] = true;
      }
      across_[r][slot(e)] = name(f);
      across_[r][slot(f)] = name(e);
    }
    free_loops_[r] = 0;
    for (int e = 0; e < 4; ++e) {
      if (seen[e]) continue;
      ++free_loops_[r];
      for (int f = e; !seen[f];) {
        const int g = partner[f];
        seen[f] = seen[g] = true;
        f = -1 - glued[g];
      }
    }
  }

  template <bool deformed, typename PointOwner, typename LoopOwner>
  void finish(Gluing& gluing, const Circles& old, const Circles& fresh, const Joined& source, const Joined& target, Joining& rule,
              PointOwner&& point_owner, LoopOwner&& loop_owner) const {
    std::array<int, kMaxCircles> circle_root;
    std::array<int, 2> source_root{}, target_root{};
    for (int c = 0; c < fresh.count; ++c) circle_root[c] = gluing.add_circle(point_owner(fresh.first[c]));
    for (int l = 0; l < source.loops; ++l) source_root[l] = gluing.add_circle(loop_owner(l, source));
    for (int l = 0; l < target.loops; ++l) target_root[l] = gluing.add_circle(loop_owner(l, target));
    std::uint8_t number[2 * kMaxCircles + 4];
    rule.settle<deformed>(gluing, number);
    for (int c = 0; c < fresh.count; ++c) rule.out[number[circle_root[c]]] |= Dots{1} << fresh.first[c];
    for (int l = 0; l < source.loops; ++l) rule.out[number[source_root[l]]] |= Dots{1} << (kSourceLoop + l);
    for (int l = 0; l < target.loops; ++l) rule.out[number[target_root[l]]] |= Dots{1} << (kTargetLoop + l);
    for (int i = 0; i < old.count; ++i) rule.component[old.first[i]] = number[gluing.root(i)];
  }

  int old_points_, marks_ = 0, self_glued_ = 0, identity_ = -1;
  std::array<int, 2> pair_{0, 0};
  std::vector<std::int32_t> edges_;                // names of the new points
  std::vector<int> origin_;                        // old point behind each new one, or -1
  std::array<int, kMaxPoints + 4> moved_;          // new number of each old point, or -1 where it is glued
  std::array<int, 4> fresh_;                       // new point of each end, or -1
  std::array<int, 2 * kMaxPoints + 8> across_[2];  // other side of the resolution's arc, for old points and for old_points + new point
  int free_loops_[2] = {0, 0};
  std::vector<int> saddle_points_;
};

}  // namespace erlangen::khovanov
