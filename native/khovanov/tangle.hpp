// Joining one crossing to a tangle: where its four ends go, and what its two resolutions do to matchings and surfaces.
// Definition: the 0-resolution of X[i,j,k,l] joins (i,j),(k,l), the 1-resolution (i,l),(j,k); an end is glued to an old boundary point,
//   to another end of the same crossing, or becomes a new boundary point.
// Convention: new boundary = cut ends first, then the surviving old points in their order, then the new ones.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
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

// Surface pieces of (a -> b) x interval with the crossing joined: circles dotted, closed loops of source (16, 17) and target (18, 19).
struct Joining : Components<std::uint32_t, kMaxCircles + 4> {
  std::uint64_t key;
  std::uint8_t component[kMaxCircles];

  template <bool deformed, bool parity, typename Emit>
  void apply(std::uint32_t mask, Emit&& emit) const {
    unsigned occupied = 0;
    std::uint32_t dotted = 0;
    for (; mask; mask &= mask - 1) {
      const unsigned k = component[__builtin_ctz(mask)];
      if (!deformed && (occupied >> k & 1)) return;
      occupied |= 1u << k;
      dotted |= out[k];
    }
    if (!deformed && (occupied & (odd | many))) return;
    spread<deformed, parity>(*this, special & ~occupied, dotted, 1, [&](std::uint32_t m, int k) {
      if (!(m & marked)) emit(m, k);
    });
  }
};

constexpr int kSourceLoop = 16, kTargetLoop = 18;

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
    place(edges, crossing, cut, glued);
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
    for (int c = 0; c < fresh.count; ++c) rule.out[number[circle_root[c]]] |= 1u << c;
    for (int l = 0; l < source.loops; ++l) rule.out[number[source_root[l]]] |= 1u << (kSourceLoop + l);
    for (int l = 0; l < target.loops; ++l) rule.out[number[target_root[l]]] |= 1u << (kTargetLoop + l);
    for (int i = 0; i < old.count; ++i) rule.component[i] = number[gluing.root(i)];
    rule.marked = 0;
  }

  int old_points_, marks_ = 0, self_glued_ = 0;
  std::vector<std::int32_t> edges_;                // names of the new points
  std::vector<int> origin_;                        // old point behind each new one, or -1
  std::array<int, kMaxPoints + 4> moved_;          // new number of each old point, or -1 where it is glued
  std::array<int, 4> fresh_;                       // new point of each end, or -1
  std::array<int, 2 * kMaxPoints + 8> across_[2];  // other side of the resolution's arc, for old points and for old_points + new point
  int free_loops_[2] = {0, 0};
  std::vector<int> saddle_points_;
};

}  // namespace erlangen::khovanov
