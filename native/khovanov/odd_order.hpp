// The order of an odd scan of a small connected link, its cut, and the parities of its crossings.
// Definition: from every first crossing, greedily the one that keeps a disc and leaves fewest open ends; least sum of 2^girth wins.
// Convention: the cut is an edge of the last crossing, which is glued along neighbouring ends with the cut or without.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "tangle.hpp"

namespace erlangen::khovanov {

struct OddTask {  // empty where no order was found
  std::vector<Crossing> crossings;
  std::vector<std::uint8_t> parity;
};

class DiscOrderSearch {
 public:
  explicit DiscOrderSearch(const std::vector<Crossing>& crossings) : crossings_(crossings) {}

  std::vector<std::uint32_t> best() {
    std::vector<std::uint32_t> winner;
    double least = 0;
    for (std::uint32_t first = 0; first < crossings_.size(); ++first) {
      const double cost = greedy(first, winner.empty() ? -1 : least);
      if (cost >= 0) winner = order_, least = cost;
    }
    return winner;
  }

 private:
  using Labels = std::vector<std::int32_t>;

  // Cost of the greedy order, left in order_; -1 where it is stuck or not below `bound` (if not negative).
  double greedy(std::uint32_t first, double bound) {
    used_.assign(crossings_.size(), 0);
    order_.assign(1, first);
    used_[first] = 1;
    boundary_ = slots(first);
    double cost = weight(boundary_);
    while (order_.size() < crossings_.size()) {
      if (bound >= 0 && cost >= bound) return -1;
      if (!extend()) return -1;
      cost += weight(boundary_);
    }
    return bound >= 0 && cost >= bound ? -1 : cost;
  }

  static double weight(const Labels& boundary) { return static_cast<double>(std::uint64_t{1} << std::min<std::size_t>(boundary.size(), 60)); }

  // Glue the crossing that leaves fewest ends.
  bool extend() {
    Labels best;
    std::uint32_t chosen = 0;
    bool found = false;
    for (std::uint32_t c = 0; c < crossings_.size(); ++c) {
      if (used_[c]) continue;
      Labels wider;
      if (attach(slots(c), wider) && (!found || wider.size() < best.size())) best = std::move(wider), chosen = c, found = true;
    }
    if (!found) return false;
    boundary_ = std::move(best);
    used_[chosen] = 1;
    order_.push_back(chosen);
    return true;
  }

  // Ends of a crossing that do not meet one another.
  Labels slots(std::uint32_t c) const {
    Labels found;
    for (std::int32_t label : crossings_[c])
      if (std::count(crossings_[c].begin(), crossings_[c].end(), label) == 1) found.push_back(label);
    return found;
  }

  // The boundary after gluing, if common labels are neighbours on both sides, in opposite orders.
  bool attach(Labels ends, Labels& wider) const {
    const auto here = [&](std::int32_t label) { return std::find(boundary_.begin(), boundary_.end(), label) != boundary_.end(); };
    const auto m = std::count_if(ends.begin(), ends.end(), here);
    if (!m) return false;
    for (std::size_t turn = 0; turn < ends.size(); ++turn, std::rotate(ends.begin(), ends.begin() + 1, ends.end())) {
      const auto start = std::find(boundary_.begin(), boundary_.end(), ends[static_cast<std::size_t>(m - 1)]);
      if (start == boundary_.end()) continue;
      Labels turned(boundary_);
      std::rotate(turned.begin(), turned.begin() + (start - boundary_.begin()), turned.end());
      if (!std::equal(ends.begin(), ends.begin() + m, std::make_reverse_iterator(turned.begin() + m))) continue;
      wider.assign(turned.begin() + m, turned.end());
      wider.insert(wider.end(), ends.begin() + m, ends.end());
      return true;
    }
    return false;
  }

  const std::vector<Crossing>& crossings_;
  std::vector<char> used_;
  std::vector<std::uint32_t> order_;
  Labels boundary_;
};

// 0 where slots 0 and 2 run into the crossing when all edges have black on their left, else 1; 2 where another piece begins.
inline std::vector<std::uint8_t> checkerboard(const std::vector<Crossing>& crossings) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> first(2 * crossings.size(), {~0u, 0});
  std::vector<std::array<std::pair<std::uint32_t, std::uint32_t>, 4>> partner(crossings.size());
  for (std::uint32_t c = 0; c < crossings.size(); ++c)
    for (std::uint32_t slot = 0; slot < 4; ++slot) {
      auto& other = first[static_cast<std::size_t>(crossings[c][slot])];
      if (other.first == ~0u) other = {c, slot};
      else partner[c][slot] = other, partner[other.first][other.second] = {c, slot};
    }
  std::vector<std::uint8_t> parity(crossings.size(), 2);
  std::vector<std::uint32_t> waiting{0};
  parity[0] = 0;
  while (!waiting.empty()) {
    const std::uint32_t c = waiting.back();
    waiting.pop_back();
    for (std::uint32_t slot = 0; slot < 4; ++slot)
      if (const auto [other, place] = partner[c][slot]; parity[other] == 2)
        parity[other] = static_cast<std::uint8_t>((parity[c] + slot + 1 + place) % 2), waiting.push_back(other);
  }
  return parity;
}

// Order, cut and parities of a connected diagram; the ends of the cut get the labels 2 n and 2 n + 1.
inline OddTask arrange_odd(const std::vector<Crossing>& crossings) {
  OddTask task;
  const std::vector<std::uint8_t> parity = checkerboard(crossings);
  if (std::count(parity.begin(), parity.end(), 2)) return task;
  const std::vector<std::uint32_t> order = DiscOrderSearch(crossings).best();
  if (order.empty()) return task;
  for (std::uint32_t c : order) task.crossings.push_back(crossings[c]), task.parity.push_back(parity[c]);
  const Crossing last = task.crossings.back();
  const auto cut = std::find_if(last.begin(), last.end(), [&](std::int32_t label) { return std::count(last.begin(), last.end(), label) == 1; });
  if (cut == last.end()) return {};
  const std::int32_t label = *cut;
  auto end = static_cast<std::int32_t>(2 * crossings.size());
  for (Crossing& x : task.crossings)
    for (std::int32_t& e : x)
      if (e == label) e = end++;
  return task;
}

}  // namespace erlangen::khovanov
