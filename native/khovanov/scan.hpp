// The scan: crossings joined one by one, each time with loops removed and units cancelled.
// Definition: new complex = (old x resolution 0) -> (old x resolution 1){h + 1, q + 1}, saddles with the sign (-1)^h.
// Convention: levels are built and cancelled in the order of h, so that old ones can be freed; q is that of the reduced theory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "coefficients.hpp"
#include "complex.hpp"
#include "crew.hpp"
#include "elimination.hpp"
#include "hand.hpp"
#include "matchings.hpp"
#include "memory.hpp"
#include "rules.hpp"
#include "surfaces.hpp"
#include "tangle.hpp"

namespace erlangen::khovanov {

template <typename Ring, bool deformed, typename Rules = EvenRules>
class Scan {
 public:
  using Scalar = typename Ring::Scalar;
  using T = Term<Scalar>;
  using Worker = Hand<Scalar, Rules>;

  // Labels >= cut are the two ends of the cut edge; `killed`: dots on the cut ends count as 0 (the reduced theory alone).
  // Any number of threads computes the same.
  Scan(Ring ring, std::int32_t cut, bool killed, Rules rules = {}, int threads = 1, std::size_t grain = kGrain)
      : ring_(std::move(ring)), rules_(std::move(rules)), cut_(cut), killed_(killed), crew_(threads, grain), block_(ring_, crew_, hands_, tally_) {
    hands_.push_back(std::make_unique<Worker>(meter_));
    restart(cut);
  }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  void restart(std::int32_t cut) {
    cut_ = cut;
    for (const auto& level : levels_) meter_.give(level.bytes());
    levels_.assign(1, {});
    const std::uint8_t none = 0;
    matchings_.restart(0);
    levels_[0].matching.push_back(matchings_.intern(&none));
    levels_[0].q.push_back(0);
    levels_[0].start = {0, 0};
    meter_.take(levels_[0].bytes());
    edges_.clear();
    rules_.restart();
    h_min_ = 0;
    tally_ = {};
    most_generators_ = most_terms_ = 0;
  }

  template <typename Poll>
  void advance(const Crossing& crossing, Poll&& poll) {
    const Junction junction(edges_, crossing, cut_);
    if constexpr (Rules::kOdd) rules_.plane.advance();
    if (junction.points() > kMaxPoints)
      throw GirthExceeded("the tangle would have " + std::to_string(junction.points()) + " ends, limit " + std::to_string(kMaxPoints));
    const Shift shift{crew_};
    begin(junction);
    const std::size_t old_levels = levels_.size();
    std::vector<Level<Scalar>> fresh(old_levels + 1);
    Side &source = sides_[0], &target = sides_[1];
    fill(target, 0);
    dead_.assign(target.kind.size(), 0);
    for (std::size_t h = 0; h <= old_levels; ++h) {
      std::swap(source, target);
      fill(target, h + 1);
      block_.begin(is_wide(), fresh_matchings_.points(), dead_discs_, source.kind, target.kind);
      build(junction, h, source, target, dead_, poll);
      block_.eliminate(poll);
      if (h > 0) forget(levels_[h - 1]);
      harvest(fresh[h], source, dead_);
      if (h > 0) renumber(fresh[h - 1]);
      dead_.resize(target.kind.size());
      for (std::size_t i = 0; i < dead_.size(); ++i) dead_[i] = !block_.column_alive()[i];
    }
    block_.release();
    finish(junction, std::move(fresh));
  }

  const std::vector<Level<Scalar>>& levels() const { return levels_; }
  const Matchings& matchings() const { return matchings_; }
  const std::vector<std::int32_t>& edges() const { return edges_; }
  int h_min() const { return h_min_; }
  Ring& ring() { return ring_; }
  const Ring& ring() const { return ring_; }
  Meter& meter() { return meter_; }
  std::size_t meter_now() const { return meter_.now(); }
  std::size_t meter_peak() const { return meter_.peak(); }
  const Tally& tally() const { return tally_; }
  std::uint64_t most_generators() const { return most_generators_; }
  std::uint64_t most_terms() const { return most_terms_; }
  std::uint64_t generators() const { return count([](const auto& level) { return level.matching.size(); }); }
  std::uint64_t terms() const { return count([](const auto& level) { return level.terms.size(); }); }

  // Take over a state that was kept.
  void adopt(std::vector<Level<Scalar>> levels, const std::vector<std::uint8_t>& partners, const std::vector<std::int32_t>& edges, int h_min,
             std::size_t done) {
    for (const auto& level : levels_) meter_.give(level.bytes());
    levels_ = std::move(levels);
    for (const auto& level : levels_) meter_.take(level.bytes());
    const std::size_t points = edges.size();
    matchings_.restart(static_cast<int>(points));
    const std::uint8_t none = 0;
    if (points == 0) matchings_.intern(&none);
    for (std::size_t at = 0; at < partners.size(); at += points)
      if (matchings_.intern(partners.data() + at) != at / points) throw std::invalid_argument("the stored state is damaged: a matching appears twice");
    edges_ = edges;
    h_min_ = h_min;
    rules_.replay(done, edges_);
    dead_discs_ = killed_ ? (1u << std::count_if(edges.begin(), edges.end(), [&](std::int32_t e) { return e >= cut_; })) - 1 : 0;
  }
  void recall(std::uint64_t generators, std::uint64_t terms, std::uint64_t compositions, std::uint64_t pivots) {
    most_generators_ = generators, most_terms_ = terms;
    tally_.compositions = compositions, tally_.pivots = pivots;
  }

  // Whether d o d = 0 (quadratic in the rows: for tests).
  bool closed() {
    Worker& hand = *hands_[0];
    hand.circles.restart(matchings_, 1024);
    hand.wide.restart(matchings_, hand.circles, 1024);
    if constexpr (Rules::kOdd) hand.wide.within(rules_.disc);
    for (std::size_t h = 0; h + 1 < levels_.size(); ++h)
      for (std::uint32_t i = 0; i < levels_[h].size(); ++i)
        if (!closed_at(h, i)) return false;
    return true;
  }

 private:
  static constexpr std::uint32_t kChunk = 64, kStretch = 64 * kChunk;  // generators of one thread's turn; of a phase

  struct Shift {  // the threads leave when a crossing has been joined, or failed to be
    Crew& crew;
    ~Shift() { crew.dismiss(); }
  };
  static constexpr std::size_t kSmall = 512;  // entries of a vector that is kept for the next crossing

  template <typename V>
  class Spares {  // small vectors no longer in use, beyond the meter
   public:
    void keep(std::vector<V>&& v) {
      if (v.capacity() == 0 || v.capacity() > kSmall || kept_.size() >= kMost) return;
      v.clear();
      kept_.push_back(std::move(v));
    }
    std::vector<V> take() {
      if (kept_.empty()) return {};
      std::vector<V> v = std::move(kept_.back());
      kept_.pop_back();
      return v;
    }

   private:
    static constexpr std::size_t kMost = 32;
    std::vector<std::vector<V>> kept_;
  };
  struct Side {  // a level of the new complex before cancellation
    std::vector<std::uint32_t> base[2];  // first new generator of an old one, by resolution
    std::vector<std::uint64_t> kind;
  };

  static std::uint64_t kind(std::uint32_t matching, std::int32_t q) { return std::uint64_t{matching} << 32 | (static_cast<std::uint32_t>(q) ^ 0x80000000u); }
  static std::int32_t degree(std::uint64_t kind) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(kind) ^ 0x80000000u); }
  static int popcount(unsigned v) { return (v & 1) + (v >> 1 & 1); }

  template <typename F>
  std::uint64_t count(F&& f) const {
    std::uint64_t n = 0;
    for (const auto& level : levels_) n += f(level);
    return n;
  }

  // Join both resolutions to every matching in use; caches start empty.
  void begin(const Junction& junction) {
    fresh_matchings_.restart(junction.points());
    for (auto& j : joined_) j.assign(matchings_.size(), {});
    std::uint8_t partner[kMaxPoints + 4];
    for (const int r : {std::max(junction.identity(), 0), 1 - std::max(junction.identity(), 0)})  // identity first: it keeps the numbers
      for (std::uint32_t m = 0; m < matchings_.size(); ++m) {
        joined_[r][m] = junction.join(matchings_[m], r, partner);
        joined_[r][m].id = fresh_matchings_.intern(partner);
      }
    if (fresh_matchings_.size() >> 21) throw GirthExceeded("the tangle has more than 2^21 matchings");
    dead_discs_ = killed_ ? (1u << junction.marks()) - 1 : 0;  // a disc through point 0 or 1 is named so
    const std::size_t size = generators();
    crew_.employ(size);
    meter_.give(cache_bytes_);
    cache_bytes_ = 0;
    if constexpr (Rules::kOdd) {
      rules_.step.emplace(rules_.plane, edges_, junction.edges(), rules_.disc);
      rules_.disc = rules_.step->disc();
    }
    while (hands_.size() < crew_.active()) hands_.push_back(std::make_unique<Worker>(meter_));
    for (std::size_t n = 0; n < crew_.active(); ++n) {
      hands_[n]->restart(matchings_, fresh_matchings_, size);
      if constexpr (Rules::kOdd) hands_[n]->narrow.within(rules_.disc), hands_[n]->wide.within(rules_.disc);
    }
    for (const auto& hand : hands_) cache_bytes_ += hand->bytes();
    cache_bytes_ += fresh_matchings_.bytes();
    meter_.take(cache_bytes_);
  }

  bool is_wide() const { return fresh_matchings_.points() > 16; }

  void fill(Side& side, std::size_t h) const {
    side.kind.clear();
    for (std::size_t r = 0; r < 2; ++r) {
      side.base[r].clear();
      if (h < r || h - r >= levels_.size()) continue;
      const Level<Scalar>& old = levels_[h - r];
      const std::uint32_t n = old.size();
      side.base[r].resize(n);
      for (std::uint32_t i = 0; i < n; ++i) {
        side.base[r][i] = static_cast<std::uint32_t>(side.kind.size());
        const Joined j = joined_[r][old.matching[i]];
        const std::int32_t q = old.q[i] + static_cast<int>(r) + j.loops;
        for (unsigned v = 0; v < 1u << j.loops; ++v) side.kind.push_back(kind(j.id, q - 2 * popcount(v)));
      }
    }
  }

  template <typename Poll>
  void build(const Junction& junction, std::size_t h, const Side& source, const Side& target, const std::vector<char>& dead, Poll&& poll) {
    for (int r = 0; r < 2; ++r) {
      const auto n = static_cast<std::uint32_t>(source.base[r].size());
      const std::uint32_t after = r == 0 && !source.base[1].empty() ? source.base[1][0] : static_cast<std::uint32_t>(source.kind.size());
      for (std::uint32_t begin = 0; begin < n; begin += kStretch) {
        const std::uint32_t end = std::min(n, begin + kStretch);
        crew_.share((end - begin + kChunk - 1) / kChunk, [&](unsigned worker, std::size_t c) {
          const std::uint32_t first = begin + static_cast<std::uint32_t>(c) * kChunk, last = std::min(end, first + kChunk);
          for (std::uint32_t i = first; i < last; ++i) build_rows(*hands_[worker], junction, h, source, target, dead, i, r);
        });
        block_.attach(source.base[r][begin], end < n ? source.base[r][end] : after);
        poll();
      }
    }
  }

  // Rows of the generators that come of generator i by resolution r.
  void build_rows(Worker& hand, const Junction& junction, std::size_t h, const Side& source, const Side& target, const std::vector<char>& dead,
                  std::uint32_t i, int r) {
    const std::uint32_t first = source.base[r][i];
    const Level<Scalar>& old = levels_[h - static_cast<std::size_t>(r)];
    const unsigned variants = 1u << joined_[r][old.matching[i]].loops;
    for (unsigned v = 0; v < variants; ++v) hand.rows[v].clear();
    prisms(hand, junction, old, levels_[std::min(h - static_cast<std::size_t>(r) + 1, levels_.size() - 1)], i, r, target);
    if (r == 0) saddles(hand, junction, old, i, h, target);
    for (unsigned v = 0; v < variants; ++v)
      if (!dead[first + v]) block_.set_row(hand, first + v, hand.rows[v]);
  }

  // Rows of generator i for its old entries, resolution r on both sides.
  void prisms(Worker& hand, const Junction& junction, const Level<Scalar>& old, const Level<Scalar>& next, std::uint32_t i, int r, const Side& target) {
    const std::uint64_t end = old.start[i + 1];
    const int identity = Rules::kOdd ? -1 : junction.identity();  // signs may differ where surfaces do not
    if (identity >= 0 && r == identity) {
      for (std::uint64_t t = old.start[i]; t < end; ++t)
        hand.rows[0].push_back({target.base[r][old.terms[t].target], old.terms[t].mask, old.terms[t].value});
      return;
    }
    for (std::uint64_t t = old.start[i]; t < end;) {
      const std::uint32_t j = old.terms[t].target, a = old.matching[i], b = next.matching[j];
      if (identity >= 0)
        t = join_entry(hand, Surgery(matchings_[a], matchings_[b], junction.pair()[0], junction.pair()[1]), old, t, end, joined_[r][a].loops, joined_[r][b].loops, target.base[r][j]);
      else
        t = join_entry(hand, prism(hand, junction, a, b, r), old, t, end, joined_[r][a].loops, joined_[r][b].loops, target.base[r][j]);
    }
  }

  // Terms of the entry that begins at t; returns where it ends.
  template <typename Rule>
  std::uint64_t join_entry(Worker& hand, const Rule& rule, const Level<Scalar>& old, std::uint64_t t, std::uint64_t end, unsigned source_loops, unsigned target_loops, std::uint32_t base) {
    const std::uint32_t j = old.terms[t].target;
    const unsigned variants = 1u << source_loops;
    std::size_t before[4];
    for (unsigned v = 0; v < variants; ++v) before[v] = hand.rows[v].size();
    const T* const first = old.terms.data();
    for (; t < end && first[t].target == j; ++t) {
      const Scalar value = first[t].value;
      rule.template apply<deformed, Ring::kParity>(first[t].mask, [&](Dots mask, int k) {
        Scalar scaled = value;
        if (ring_.scale(scaled, k)) emit(hand, mask, scaled, source_loops, target_loops, base);
      });
    }
    for (unsigned v = 0; v < variants; ++v) tidy(ring_, hand.rows[v], before[v]);
    return t;
  }

  void saddles(Worker& hand, const Junction& junction, const Level<Scalar>& old, std::uint32_t i, std::size_t h, const Side& target) {
    const std::uint32_t m = old.matching[i];
    const auto& rule = saddle(hand, junction, m);
    const std::size_t before[4] = {hand.rows[0].size(), hand.rows[1].size(), hand.rows[2].size(), hand.rows[3].size()};
    const Scalar sign = ring_.from_int((h + static_cast<std::size_t>(h_min_ & 1)) & 1 ? -1 : 1);
    rule.template apply<deformed, Ring::kParity>(0, [&](Dots mask, int k) {
      Scalar scaled = sign;
      if (ring_.scale(scaled, k)) emit(hand, mask, scaled, joined_[0][m].loops, joined_[1][m].loops, target.base[1][i]);
    });
    for (unsigned v = 0; v < 1u << joined_[0][m].loops; ++v) tidy(ring_, hand.rows[v], before[v]);
  }

  // Deloop: a dotted loop of the target is v-, plain v+; a plain loop of the source is v-, dotted v+ and (deformed) v-.
  void emit(Worker& hand, Dots mask, Scalar value, unsigned source_loops, unsigned target_loops, std::uint32_t base) {
    const auto low = static_cast<std::uint32_t>(mask);
    if (low & dead_discs_) return;
    const std::uint32_t column = base + static_cast<std::uint32_t>(mask >> kTargetLoop & ((1u << target_loops) - 1));
    if (source_loops == 0) return hand.rows[0].push_back({column, low, value});
    const auto dotted = static_cast<unsigned>(mask >> kSourceLoop & ((1u << source_loops) - 1));
    for (unsigned v = 0; v < 1u << source_loops; ++v) {
      const unsigned minus = v, plus = ~v & ((1u << source_loops) - 1);
      if (plus & ~dotted) continue;
      if (!deformed && (minus & dotted)) continue;
      hand.rows[v].push_back({column, low, value});
    }
  }

  const typename Rules::Joining& prism(Worker& hand, const Junction& junction, std::uint32_t a, std::uint32_t b, int r) {
    const std::uint64_t key = (std::uint64_t{a} << 31 | b) << 2 | static_cast<unsigned>(r);
    auto& rule = hand.joinings.place(key);
    if (rule.key != key) {
      const Joined &s = joined_[r][a], &e = joined_[r][b];
      const Circles& fresh = hand.circles(s.id, e.id);
      if constexpr (Rules::kOdd)
        rules_.step->prism(matchings_[a], matchings_[b], fresh_matchings_[s.id], fresh_matchings_[e.id], hand.old_circles(a, b), fresh, s, e, r, rule);
      else
        junction.template prism<deformed>(hand.old_circles(a, b), fresh, s, e, r, rule);
      rule.key = key;
    }
    return rule;
  }
  const typename Rules::Joining& saddle(Worker& hand, const Junction& junction, std::uint32_t m) {
    const std::uint64_t key = (std::uint64_t{m} << 31 | m) << 2 | 2;
    auto& rule = hand.joinings.place(key);
    if (rule.key != key) {
      const Joined &s = joined_[0][m], &e = joined_[1][m];
      const Circles& fresh = hand.circles(s.id, e.id);
      if constexpr (Rules::kOdd)
        rules_.step->saddle(matchings_[m], fresh_matchings_[s.id], fresh_matchings_[e.id], hand.old_circles(m, m), fresh, s, e, rule);
      else
        junction.template saddle<deformed>(hand.old_circles(m, m), fresh, s, e, rule);
      rule.key = key;
    }
    return rule;
  }
  void forget(Level<Scalar>& level) {
    meter_.give(level.bytes());
    spare_terms_.keep(std::move(level.terms)), spare_starts_.keep(std::move(level.start));
    level.terms = {}, level.start = {};
    meter_.take(level.bytes());
  }

  // Copy what is left of the block into the level; number_ tells the new number of each source (or ~0).
  void harvest(Level<Scalar>& level, const Side& source, const std::vector<char>& dead) {
    const auto n = static_cast<std::uint32_t>(source.kind.size());
    number_.resize(n);
    std::uint32_t* const number = number_.data();
    std::uint64_t terms = 0;
    std::uint32_t alive = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      const bool stays = !dead[i] && block_.row_alive(i);
      number[i] = stays ? alive++ : ~0u;
      if (stays) terms += block_.row(i).size;
    }
    level = {spare_matchings_.take(), spare_degrees_.take(), spare_starts_.take(), spare_terms_.take()};
    level.matching.resize(alive), level.q.resize(alive), level.start.resize(alive + std::size_t{1}), level.terms.reserve(terms);
    meter_.take(level.bytes());
    std::uint64_t* start = level.start.data();
    *start = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (number[i] == ~0u) continue;
      level.matching[number[i]] = static_cast<std::uint32_t>(source.kind[i] >> 32);
      level.q[number[i]] = degree(source.kind[i]);
      const auto& row = block_.row(i);
      if (row.size) level.terms.insert(level.terms.end(), row.data, row.data + row.size);
      *++start = level.terms.size();
    }
  }

  // Targets that were cancelled later vanish from the rows; the others get their final numbers.
  void renumber(Level<Scalar>& level) {
    const std::uint32_t* const number = number_.data();
    T *const first = level.terms.data(), *out = first;
    const T* t = first;
    for (std::uint32_t i = 0, n = level.size(); i < n; ++i) {
      for (const T* const end = first + level.start[i + 1]; t < end; ++t) {
        const std::uint32_t target = number[t->target];
        if (target != ~0u) *out = *t, (out++)->target = target;
      }
      level.start[i + 1] = static_cast<std::uint64_t>(out - first);
    }
    const auto left = static_cast<std::size_t>(out - first);
    meter_.give(level.bytes());
    level.terms.resize(left);
    if (level.terms.capacity() > kSmall && 4 * left < 3 * level.terms.capacity()) level.terms.shrink_to_fit();
    meter_.take(level.bytes());
  }

  void finish(const Junction& junction, std::vector<Level<Scalar>> fresh) {
    for (auto& level : levels_) {
      meter_.give(level.bytes());
      spare_matchings_.keep(std::move(level.matching)), spare_degrees_.keep(std::move(level.q));
      spare_starts_.keep(std::move(level.start)), spare_terms_.keep(std::move(level.terms));
    }
    levels_ = std::move(fresh);
    while (levels_.size() > 1 && levels_.back().size() == 0) levels_.pop_back();
    while (levels_.size() > 1 && levels_.front().size() == 0) levels_.erase(levels_.begin()), ++h_min_;
    std::swap(matchings_, fresh_matchings_);
    edges_ = junction.edges();
    most_generators_ = std::max(most_generators_, generators());
    most_terms_ = std::max(most_terms_, terms());
    renew();
  }

  void renew() {
    if constexpr (std::is_same_v<Ring, Integers>) {
      if (ring_.pooled() == 0) return;
      ring_.begin_renewal();
      for (auto& level : levels_)
        for (T& term : level.terms) term.value = ring_.keep(term.value);
      ring_.end_renewal();
    }
  }

  bool closed_at(std::size_t h, std::uint32_t i) {
    std::vector<T> sum;
    const Level<Scalar>&a = levels_[h], &b = levels_[h + 1];
    for (std::uint64_t s = a.start[i]; s < a.start[i + 1]; ++s)
      for (std::uint64_t t = b.start[a.terms[s].target]; t < b.start[a.terms[s].target + 1]; ++t) {
        const auto& rule = hands_[0]->wide.template get<deformed>(a.matching[i], b.matching[a.terms[s].target], levels_[h + 2].matching[b.terms[t].target]);
        const Scalar product = ring_.mul(a.terms[s].value, b.terms[t].value);
        rule.template compose<deformed, Ring::kParity>(a.terms[s].mask, b.terms[t].mask, dead_discs_, [&](std::uint32_t mask, int k) {
          Scalar value = product;
          if (ring_.scale(value, k)) sum.push_back({b.terms[t].target, mask, value});
        });
      }
    tidy(ring_, sum, 0);
    return sum.empty();
  }

  Ring ring_;
  Rules rules_;
  std::int32_t cut_;
  bool killed_;
  Meter meter_;
  Tally tally_;
  Crew crew_;
  Hands<Scalar, Rules> hands_;
  Block<Ring, deformed, Rules> block_;
  Matchings matchings_, fresh_matchings_;
  std::vector<Joined> joined_[2];
  std::vector<Level<Scalar>> levels_;
  std::vector<std::int32_t> edges_;
  int h_min_ = 0;
  std::uint32_t dead_discs_ = 0;
  std::size_t cache_bytes_ = 0;
  Side sides_[2];
  std::vector<char> dead_;               // sources cancelled as targets
  std::vector<std::uint32_t> number_;    // of what is left of them
  Spares<std::uint32_t> spare_matchings_;
  Spares<std::int32_t> spare_degrees_;
  Spares<std::uint64_t> spare_starts_;
  Spares<T> spare_terms_;
  std::uint64_t most_generators_ = 0, most_terms_ = 0;
};

}  // namespace erlangen::khovanov
