// The planar side of an odd scan: ends around the disc scanned so far, their directions, and the closure outside.
// Definition: checkerboard orientation; parity 0 of a crossing says that slots 0 and 2 run into it, 1 that slots 1 and 3 do.
// Convention: a crossing is glued along neighbouring ends, in opposite orders, so that the region stays a disc.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "odd_disc.hpp"
#include "tangle.hpp"

namespace erlangen::khovanov {

class OddPlane {
 public:
  OddPlane(std::vector<Crossing> crossings, std::vector<std::uint8_t> parity, std::int32_t cut)
      : crossings_(std::move(crossings)), parity_(std::move(parity)), cut_(cut), inwards_(static_cast<std::size_t>(cut) + 2, 0) {
    if (parity_.size() != crossings_.size()) throw std::invalid_argument("one parity for each crossing");
  }

  void restart() {
    done_ = 0;
    boundary_.clear();
  }

  // Glue the next crossing; throws if the result is no disc.
  void advance() {
    const Crossing& crossing = crossings_[done_];
    attach(crossing);
    for (std::size_t slot = 0; slot < 4; ++slot) inwards_[static_cast<std::size_t>(crossing[slot])] = (parity_[done_] + slot) % 2 == 0;
    ++done_;
  }

  bool black() const { return parity_[done_ - 1] == 0; }
  const Crossing& crossing() const { return crossings_[done_ - 1]; }

  // The disc with its ends numbered as in `edges`.
  Disc disc(const std::vector<std::int32_t>& edges) const {
    std::vector<std::int32_t> number(inwards_.size(), -1), root(inwards_.size());
    for (std::size_t i = 0; i < root.size(); ++i) root[i] = static_cast<std::int32_t>(i);
    for (std::size_t p = 0; p < edges.size(); ++p) number[static_cast<std::size_t>(edges[p])] = static_cast<std::int32_t>(p);
    const auto find = [&](std::int32_t label) {
      auto at = static_cast<std::size_t>(label);
      while (root[at] != static_cast<std::int32_t>(at)) at = static_cast<std::size_t>(root[at] = root[static_cast<std::size_t>(root[at])]);
      return at;
    };
    const auto join = [&](std::int32_t a, std::int32_t b) { root[find(a)] = static_cast<std::int32_t>(find(b)); };
    join(cut_, cut_ + 1);
    for (std::size_t c = done_; c < crossings_.size(); ++c) join(crossings_[c][0], crossings_[c][1]), join(crossings_[c][2], crossings_[c][3]);
    Disc found;
    found.points = static_cast<int>(boundary_.size());
    std::vector<std::int32_t> first(inwards_.size(), -1);
    for (std::size_t i = 0; i < boundary_.size(); ++i) {
      const auto label = static_cast<std::size_t>(boundary_[i]);
      const auto point = static_cast<std::uint8_t>(number[label]);
      found.order[i] = point;
      found.inwards[point] = inwards_[label];
      std::int32_t& other = first[find(boundary_[i])];
      if (other < 0) other = point;
      else found.closure[point] = static_cast<std::uint8_t>(other), found.closure[static_cast<std::size_t>(other)] = point;
    }
    return found;
  }

 private:
  using Labels = std::vector<std::int32_t>;

  void attach(const Crossing& crossing) {
    Labels slots;
    for (std::int32_t label : crossing)
      if (std::count(crossing.begin(), crossing.end(), label) == 1) slots.push_back(label);
    if (boundary_.empty()) return void(boundary_ = std::move(slots));
    const auto here = [&](std::int32_t label) { return std::find(boundary_.begin(), boundary_.end(), label) != boundary_.end(); };
    const auto m = std::count_if(slots.begin(), slots.end(), here);
    for (std::size_t i = 0; m && i < boundary_.size(); ++i, std::rotate(boundary_.begin(), boundary_.begin() + 1, boundary_.end()))
      for (std::size_t j = 0; j < slots.size(); ++j, std::rotate(slots.begin(), slots.begin() + 1, slots.end()))
        if (std::equal(slots.begin(), slots.begin() + m, std::make_reverse_iterator(boundary_.begin() + m))) {
          boundary_.erase(boundary_.begin(), boundary_.begin() + m);
          boundary_.insert(boundary_.end(), slots.begin() + m, slots.end());
          return;
        }
    throw std::invalid_argument("order: the crossings scanned do not form a disc with ends around it");
  }

  std::vector<Crossing> crossings_;
  std::vector<std::uint8_t> parity_;
  std::int32_t cut_;
  std::vector<char> inwards_;
  Labels boundary_;
  std::size_t done_ = 0;
};

}  // namespace erlangen::khovanov
