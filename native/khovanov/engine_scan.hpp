// An Engine made of a Scan: the same code for each ring, compiled in one file a ring.
// Definition: ScanEngine<Ring, deformed> holds the task, the scan and the number of crossings done.
// Convention: a snapshot is checked before it is taken over; after an exception inside advance the engine must be restored or dropped.
#pragma once

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "engine.hpp"
#include "scan.hpp"

namespace erlangen::khovanov {

// Generators of a level by q.
template <typename S>
std::vector<std::uint32_t> by_degree(const S& scan, std::size_t l) {
  if (l >= scan.levels().size()) return {};
  const auto& q = scan.levels()[l].q;
  std::vector<std::uint32_t> order(q.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t j) { return q[i] < q[j]; });
  return order;
}

inline std::vector<std::int32_t> inverse(const std::vector<std::uint32_t>& order, std::int32_t first) {
  std::vector<std::int32_t> place(order.size());
  for (std::size_t n = 0; n < order.size(); ++n) place[order[n]] = first + static_cast<std::int32_t>(n);
  return place;
}

// The complex of the single arc a scan ends on, generators by (h, q).
template <typename S>
Finished read_arc(S& scan) {
  Finished out;
  std::int32_t first = 0, h = scan.h_min();
  std::vector<std::uint32_t> here, next = by_degree(scan, 0);
  for (std::size_t l = 0; l < scan.levels().size(); ++l, ++h) {
    const auto& level = scan.levels()[l];
    here = std::move(next);
    next = by_degree(scan, l + 1);
    const std::vector<std::int32_t> place = inverse(next, first + static_cast<std::int32_t>(level.size()));
    for (std::size_t n = 0; n < here.size(); ++n) {
      out.h.push_back(h), out.q.push_back(level.q[here[n]]);
      for (std::uint64_t t = level.start[here[n]]; t < level.start[here[n] + 1]; ++t) {
        out.source.push_back(first + static_cast<std::int32_t>(n));
        out.target.push_back(place[level.terms[t].target]);
        out.dotted.push_back(level.terms[t].mask != 0);
        out.coefficient.push_back(scan.ring().lift(level.terms[t].value));
      }
    }
    first += static_cast<std::int32_t>(level.size());
  }
  out.large = scan.ring().large();
  return out;
}

template <typename Ring, bool deformed, typename Rules = EvenRules>
class ScanEngine final : public Engine {
 public:
  ScanEngine(Task task, Ring ring, Rules rules = {})
      : task_(std::move(task)), scan_(std::move(ring), task_.cut, task_.killed, std::move(rules), task_.threads, task_.grain) {
    if (task_.most_bytes) scan_.meter().limit = task_.most_bytes;
  }

  void advance(const std::function<void()>& poll) override {
    if (finished()) throw std::out_of_range("every crossing has been joined");
    if (broken_) throw std::logic_error("the scan was interrupted inside a crossing: restore a snapshot");
    broken_ = true;
    unsigned calls = 0;
    scan_.advance(task_.crossings[done_], [&] {
      if ((++calls & 63u) == 0) poll();
    });
    broken_ = false;
    ++done_;
  }

  bool finished() const override { return done_ == task_.crossings.size(); }
  bool closed() override { return scan_.closed(); }

  Sizes sizes() const override {
    return {done_, scan_.edges().size(), scan_.generators(), scan_.terms(), scan_.most_generators(), scan_.most_terms(),
            scan_.tally().compositions, scan_.tally().pivots, scan_.meter_now(), scan_.meter_peak()};
  }

  Finished result() override {
    if (!finished() || broken_) throw std::logic_error("the scan has not finished");
    return read_arc(scan_);
  }

  Snapshot snapshot() const override {
    if (broken_) throw std::logic_error("the scan was interrupted inside a crossing: it has no state to keep");
    Snapshot s;
    s.head = {static_cast<std::int64_t>(done_), scan_.h_min()};
    for (std::uint64_t n : {scan_.most_generators(), scan_.most_terms(), scan_.tally().compositions, scan_.tally().pivots})
      s.head.push_back(static_cast<std::int64_t>(n));
    s.edges = scan_.edges();
    const Matchings& matchings = scan_.matchings();
    if (matchings.points()) s.partners.assign(matchings[0], matchings[0] + std::size_t{matchings.size()} * matchings.points());
    for (const auto& level : scan_.levels()) {
      s.level_size.push_back(level.size());
      s.matching.insert(s.matching.end(), level.matching.begin(), level.matching.end());
      s.q.insert(s.q.end(), level.q.begin(), level.q.end());
      for (std::uint32_t i = 0; i < level.size(); ++i) s.row_size.push_back(static_cast<std::uint32_t>(level.start[i + 1] - level.start[i]));
      for (const auto& term : level.terms) {
        s.target.push_back(term.target), s.mask.push_back(term.mask);
        s.value.push_back(scan_.ring().lift(term.value));
      }
    }
    s.large = scan_.ring().large();
    return s;
  }

  void restore(const Snapshot& s) override {
    check(s);
    std::vector<Level<typename Ring::Scalar>> levels(s.level_size.size());
    std::size_t generator = 0, term = 0;
    scan_.ring().adopt(s.large);
    for (std::size_t l = 0; l < levels.size(); ++l) {
      auto& level = levels[l];
      level.start.push_back(0);
      for (std::uint32_t i = 0; i < s.level_size[l]; ++i, ++generator) {
        level.matching.push_back(s.matching[generator]), level.q.push_back(s.q[generator]);
        for (std::uint32_t t = 0; t < s.row_size[generator]; ++t, ++term)
          level.terms.push_back({s.target[term], s.mask[term], scan_.ring().unlift(s.value[term])});
        level.start.push_back(level.terms.size());
      }
    }
    scan_.adopt(std::move(levels), s.partners, s.edges, static_cast<int>(s.head[1]), static_cast<std::size_t>(s.head[0]));
    scan_.recall(static_cast<std::uint64_t>(s.head[2]), static_cast<std::uint64_t>(s.head[3]), static_cast<std::uint64_t>(s.head[4]), static_cast<std::uint64_t>(s.head[5]));
    done_ = static_cast<std::size_t>(s.head[0]);
    broken_ = false;
  }

 private:
  static void require(bool holds, const char* law) {
    if (!holds) throw std::invalid_argument(std::string("the stored state is damaged: ") + law);
  }

  void check(const Snapshot& s) const {
    require(s.head.size() == 6 && s.head[0] >= 0 && s.head[0] <= static_cast<std::int64_t>(task_.crossings.size()), "head");
    require(s.edges == open_ends(static_cast<std::size_t>(s.head[0])), "open ends are not those of the crossings done");
    const std::size_t points = s.edges.size();
    const std::size_t matchings = points ? s.partners.size() / points : 1;
    require(points ? s.partners.size() % points == 0 && points <= kMaxPoints : s.partners.empty(), "size of the matchings");
    for (std::size_t m = 0; m < (points ? matchings : 0); ++m)
      for (std::size_t p = 0; p < points; ++p) {
        const std::uint8_t* partner = s.partners.data() + m * points;
        require(partner[p] < points && partner[p] != p && partner[partner[p]] == p, "a matching is no involution");
      }
    const auto total = [](const std::vector<std::uint32_t>& v) { return std::accumulate(v.begin(), v.end(), std::uint64_t{0}); };
    require(!s.level_size.empty() && total(s.level_size) == s.matching.size(), "number of generators");
    require(s.q.size() == s.matching.size() && s.row_size.size() == s.matching.size(), "number of degrees or rows");
    require(total(s.row_size) == s.target.size() && s.mask.size() == s.target.size() && s.value.size() == s.target.size(), "number of terms");
    for (std::uint32_t m : s.matching) require(m < matchings, "number of a matching");
    for (std::int64_t v : s.value) require(scan_.ring().valid(v, s.large.size()), "a coefficient");
    check_rows(s);
  }

  static void check_rows(const Snapshot& s) {
    std::size_t generator = 0, term = 0;
    const std::uint8_t none = 0;
    for (std::size_t l = 0, next = 0; l < s.level_size.size(); ++l) {
      next += s.level_size[l];
      const std::uint32_t targets = l + 1 < s.level_size.size() ? s.level_size[l + 1] : 0;
      for (std::uint32_t i = 0; i < s.level_size[l]; ++i, ++generator)
        for (std::uint32_t t = 0; t < s.row_size[generator]; ++t, ++term) {
          require(s.target[term] < targets, "target of a term");
          require(t == 0 || std::pair(s.target[term - 1], s.mask[term - 1]) < std::pair(s.target[term], s.mask[term]), "order of the terms");
          const std::size_t points = s.edges.size();
          const auto partner = [&](std::uint32_t m) { return points ? s.partners.data() + m * points : &none; };
          Circles circles;
          circles.trace(partner(s.matching[generator]), partner(s.matching[next + s.target[term]]), static_cast<int>(points));
          std::uint32_t names = 0;
          for (int c = 0; c < circles.count; ++c) names |= 1u << circles.first[c];
          require((s.mask[term] & ~names) == 0, "dots of a term");
        }
    }
  }

  std::vector<std::int32_t> open_ends(std::size_t done) const {
    std::vector<std::int32_t> edges;
    for (std::size_t c = 0; c < done; ++c) edges = Junction(edges, task_.crossings[c], task_.cut).edges();
    return edges;
  }

  Task task_;
  Scan<Ring, deformed, Rules> scan_;
  std::size_t done_ = 0;
  bool broken_ = false;
};

template <typename Ring>
std::unique_ptr<Engine> make_engine(Task task, Ring ring) {
  if constexpr (!Ring::kParity) {  // over F_2 both theories are one
    if (!task.parity.empty()) {
      OddRules rules{OddPlane(task.crossings, task.parity, task.cut)};
      return std::make_unique<ScanEngine<Ring, false, OddRules>>(std::move(task), std::move(ring), std::move(rules));
    }
  }
  if (task.deformed) return std::make_unique<ScanEngine<Ring, true>>(std::move(task), std::move(ring));
  return std::make_unique<ScanEngine<Ring, false>>(std::move(task), std::move(ring));
}

}  // namespace erlangen::khovanov
