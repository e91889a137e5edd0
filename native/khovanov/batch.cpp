// Many small links: the scan over Z with H kept, reused from link to link.
// Definition: see batch.hpp.
// Convention: the arena and the caches live as long as the Table.
#include "batch.hpp"

#include <algorithm>

#include "engine_scan.hpp"
#include "odd_order.hpp"
#include "order.hpp"

namespace erlangen::khovanov {

struct Table::Scanner {
  Scan<Integers, true> scan{Integers{}, 0, false};
};

namespace {

void shift(Finished& f, int n_plus, int n_minus) {
  for (auto& h : f.h) h -= n_minus;
  for (auto& q : f.q) q += n_plus - 2 * n_minus;
}

// One tower for each orientation up to reversing all; those in h = 0 tell s if they have one degree.
void read_s(const Finished& f, LinkGroups& out) {
  const std::vector<std::size_t> towers = Towers(f).free();
  if (towers.size() != std::size_t{1} << (out.components - 1)) throw std::logic_error("a link has one tower for each orientation and its reverse");
  for (std::size_t t : towers) {
    if (f.h[t] != 0) continue;
    if (out.s_known && f.q[t] != out.s) return void(out.s_known = false);
    out.s = f.q[t], out.s_known = true;
  }
  if (!out.s_known) throw std::logic_error("a link has a tower in degree 0");
}

}  // namespace

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
    shift(f, n_plus, n_minus);
    out.reduced = reduced_groups(f), out.unreduced = unreduced_groups(f);
    read_s(f, out);
    out.done = true;
  } catch (const NumberTooLarge&) {
  } catch (const GirthExceeded&) {
  }
  return out;
}

LinkGroups odd_groups(const std::vector<Crossing>& crossings, int n_plus, int n_minus) {
  LinkGroups out;
  OddTask task = arrange_odd(crossings);
  if (task.crossings.empty()) return out;
  const auto cut = static_cast<std::int32_t>(2 * crossings.size());
  try {
    Scan<Integers, false, OddRules> scan(Integers{}, cut, true, OddRules{OddPlane(task.crossings, std::move(task.parity), cut)});
    for (const Crossing& x : task.crossings) scan.advance(x, [] {});
    Finished f = read_arc(scan);
    if (!f.large.empty()) return out;
    shift(f, n_plus, n_minus);
    out.reduced = reduced_groups(f);
    out.done = true;
  } catch (const NumberTooLarge&) {
  } catch (const GirthExceeded&) {
  }
  return out;
}

}  // namespace erlangen::khovanov
