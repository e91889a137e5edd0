// Many small links: the scan over Z with H kept, reused from link to link.
// Definition: see batch.hpp.
// Convention: the arena and the caches live as long as the Table.
#include "batch.hpp"

#include <algorithm>

#include "engine_scan.hpp"
#include "order.hpp"

namespace erlangen::khovanov {

struct Table::Scanner {
  Scan<Integers, true> scan{Integers{}, 0, false};
};

Table::Table() : scanner_(std::make_unique<Scanner>()) {}
Table::~Table() = default;

LinkGroups Table::operator()(const std::vector<Crossing>& crossings, std::int32_t base, int n_plus, int n_minus) {
  LinkGroups out;
  auto& scan = scanner_->scan;
  std::vector<std::int32_t> roots = components(crossings);
  std::sort(roots.begin(), roots.end());
  out.components = static_cast<std::int32_t>(std::unique(roots.begin(), roots.end()) - roots.begin());
  scan.restart(static_cast<std::int32_t>(2 * crossings.size()));
  try {
    for (const Crossing& x : arrange(crossings, base)) scan.advance(x, [] {});
    Finished f = read_arc(scan);
    if (!f.large.empty()) return out;
    for (auto& h : f.h) h -= n_minus;
    for (auto& q : f.q) q += n_plus - 2 * n_minus;
    out.reduced = reduced_groups(f), out.unreduced = unreduced_groups(f);
    if (out.components == 1) {
      const std::vector<std::size_t> towers = Towers(f).free();
      if (towers.size() != 1 || f.h[towers[0]] != 0) throw std::logic_error("a knot has one tower, in degree 0");
      out.s = f.q[towers[0]];
    }
    out.done = true;
  } catch (const NumberTooLarge&) {
  } catch (const GirthExceeded&) {
  }
  return out;
}

}  // namespace erlangen::khovanov
