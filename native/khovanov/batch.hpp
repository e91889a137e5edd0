// Many small links, each from its code to its groups in one call.
// Definition: Table orders the crossings, cuts, scans over Z (H kept) and reads reduced and unreduced groups and s; odd_groups the reduced odd ones.
// Convention: one Table serves one thread; a link it cannot finish (numbers or girth too large) is left to the general path.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "groups.hpp"
#include "tangle.hpp"

namespace erlangen::khovanov {

struct LinkGroups {
  std::vector<Summand> reduced, unreduced;
  std::int32_t s = 0, components = 0;
  bool done = false, s_known = false;  // s is known if all towers in h = 0 have one degree, as for knots
};

class Table {
 public:
  Table();
  ~Table();
  // Edges 0 .. 2 n - 1, each twice; signs of the crossings are counted in n_plus and n_minus.
  LinkGroups operator()(const std::vector<Crossing>& crossings, std::int32_t base, int n_plus, int n_minus);

 private:
  struct Scanner;
  std::unique_ptr<Scanner> scanner_;
};

// Reduced odd groups of a connected diagram, through discs.
LinkGroups odd_groups(const std::vector<Crossing>& crossings, int n_plus, int n_minus);

}  // namespace erlangen::khovanov
