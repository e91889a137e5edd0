// The order in which crossings are joined, and where the link is cut.
// Definition: from every first crossing, greedily the one that leaves fewest open ends (looking one further on ties); least sum of 2^girth wins.
// Convention: the cut is the edge of the given component that closes last, so that its two ends cost nothing before.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "tangle.hpp"

namespace erlangen::khovanov {

class OrderSearch {
 public:
  explicit OrderSearch(const std::vector<Crossing>& crossings) : size_(static_cast<std::uint32_t>(crossings.size())), neighbour_(size_) {
    std::vector<std::int32_t> first(2 * crossings.size(), -1);  // an end of each edge, as 4 crossing + slot
    for (std::int32_t end = 0; end < static_cast<std::int32_t>(4 * size_); ++end) {
      std::int32_t& other = first[crossings[end / 4][end % 4]];
      if (other >= 0) neighbour_[end / 4][end % 4] = other / 4, neighbour_[other / 4][other % 4] = end / 4;
      other = end;
    }
  }

  std::vector<std::uint32_t> best() {
    std::vector<std::uint32_t> winner;
    double least = 0;
    for (std::uint32_t first = 0; first < size_; ++first) {
      const double cost = greedy(first, winner.empty() ? -1 : least);
      if (cost >= 0 && (winner.empty() || cost < least)) winner = order_, least = cost;
    }
    return winner;
  }

 private:
  static constexpr int kUsed = 64;  // no change is as large

  // Cost of the greedy order, left in order_; -1 as soon as it reaches `bound` (if not negative).
  double greedy(std::uint32_t first, double bound) {
    change_.assign(size_, 0);
    for (std::uint32_t c = 0; c < size_; ++c)
      for (std::int32_t d : neighbour_[c]) change_[c] += d != static_cast<std::int32_t>(c);
    order_.clear();
    int girth = 0;
    double cost = 0;
    for (std::uint32_t next = first;; next = choose()) {
      girth += change_[next];
      join(next);
      cost += static_cast<double>(std::uint64_t{1} << std::min(girth, 60));
      if (bound >= 0 && cost >= bound) return -1;
      if (order_.size() == size_) return cost;
    }
  }

  void join(std::uint32_t c) {
    order_.push_back(c);
    shift(c, -2);
    change_[c] = kUsed;
  }
  void shift(std::uint32_t c, int by) {  // an edge to c closes an end where it would have opened one
    for (std::int32_t d : neighbour_[c]) change_[d] += by;
  }

  std::uint32_t choose() {
    int best = kUsed / 2, best_next = kUsed;
    std::uint32_t chosen = 0;
    for (std::uint32_t c = 0; c < size_; ++c) {
      const int now = change_[c];
      if (now > best) continue;
      const int next = after(c);
      if (now < best || next < best_next) best = now, best_next = next, chosen = c;
    }
    return chosen;
  }
  int after(std::uint32_t c) {  // the least change once c is joined
    const int now = change_[c];
    shift(c, -2);
    change_[c] = kUsed;
    const int least = *std::min_element(change_.begin(), change_.end());
    shift(c, 2);
    change_[c] = now;
    return std::min(least, 4);
  }

  std::uint32_t size_;
  std::vector<std::array<std::int32_t, 4>> neighbour_;  // the crossing at the other end of each edge
  std::vector<int> change_;                             // ends that joining a crossing opens, less those it closes
  std::vector<std::uint32_t> order_;
};

// Components of the edges: opposite ends of a crossing belong together.
inline std::vector<std::int32_t> components(const std::vector<Crossing>& crossings) {
  std::vector<std::int32_t> root(2 * crossings.size());
  for (std::size_t e = 0; e < root.size(); ++e) root[e] = static_cast<std::int32_t>(e);
  const auto find = [&](std::int32_t e) {
    while (root[e] != e) e = root[e] = root[root[e]];
    return e;
  };
  for (const Crossing& x : crossings)
    for (int e = 0; e < 2; ++e) root[find(x[e])] = find(x[e + 2]);
  for (std::size_t e = 0; e < root.size(); ++e) root[e] = find(static_cast<std::int32_t>(e));
  return root;
}

// Put the crossings in a good order and cut the component of edge `base`; the ends get the labels 2 n and 2 n + 1.
inline std::vector<Crossing> arrange(const std::vector<Crossing>& crossings, std::int32_t base) {
  const auto n = static_cast<std::int32_t>(crossings.size());
  std::vector<Crossing> arranged;
  for (std::uint32_t c : OrderSearch(crossings).best()) arranged.push_back(crossings[c]);
  const std::vector<std::int32_t> root = components(crossings);
  std::vector<std::array<std::int32_t, 2>> seen(static_cast<std::size_t>(2 * n), {-1, -1});  // where an edge closes and opens
  for (std::int32_t c = 0; c < n; ++c)
    for (std::int32_t label : arranged[c]) seen[label] = {c, seen[label][0]};
  std::int32_t cut = base;
  for (std::int32_t label = 0; label < 2 * n; ++label)
    if (root[label] == root[base] && seen[label] > seen[cut]) cut = label;
  std::int32_t end = 2 * n;
  for (Crossing& x : arranged)
    for (std::int32_t& label : x)
      if (label == cut) label = end++;
  return arranged;
}

}  // namespace erlangen::khovanov
