// Gaussian elimination of one differential: unit entries between equal matchings of equal degree are cancelled.
// Definition: cancelling c -u-> t replaces every other row r by r - (r -> t) u^-1 (c -> .), and removes c and t.
// Convention: pivots by Markowitz: least (terms of the row - 1)(rows with the column - 1) first, from buckets checked when popped. They are
//   taken in batches, none of whose rows has the column of another: then each row can be reduced by itself, in any thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "complex.hpp"
#include "crew.hpp"
#include "hand.hpp"
#include "memory.hpp"
#include "surfaces.hpp"

namespace erlangen::khovanov {

class Buckets {
 public:
  void clear() {  // they are empty unless an elimination was cut short
    for (int b = 0; b <= highest_; ++b) buckets_[b].clear();
    lowest_ = kCount, highest_ = -1;
  }
  void push(std::uint64_t cost, std::uint32_t row, std::uint32_t column) {
    const int b = bucket(cost);
    buckets_[b].emplace_back(row, column);
    if (b < lowest_) lowest_ = b;
    if (b > highest_) highest_ = b;
  }
  bool pop(int& from, std::uint32_t& row, std::uint32_t& column) {
    while (lowest_ <= highest_ && buckets_[lowest_].empty()) ++lowest_;
    if (lowest_ > highest_) return false;
    from = lowest_;
    std::tie(row, column) = buckets_[lowest_].back();
    buckets_[lowest_].pop_back();
    return true;
  }
  void put_back(int bucket, std::uint32_t row, std::uint32_t column) {
    buckets_[bucket].emplace_back(row, column);
    lowest_ = std::min(lowest_, bucket);
  }
  static int bucket(std::uint64_t cost) {
    if (cost < 32) return static_cast<int>(cost);
    const int log = 63 - __builtin_clzll(cost);
    return std::min(kCount - 1, 32 + 4 * (log - 5) + static_cast<int>(cost >> (log - 2) & 3));
  }

 private:
  static constexpr int kCount = 192;
  std::array<std::vector<std::pair<std::uint32_t, std::uint32_t>>, kCount> buckets_;
  int lowest_ = kCount, highest_ = -1;
};

template <typename T>
struct Span {  // a vector whose memory is a block of the arena
  T* data = nullptr;
  std::uint32_t size = 0;
  std::uint8_t block = 0;
};

struct Tally {
  std::uint64_t compositions = 0, pivots = 0, rows = 0;
};

template <typename Ring, bool deformed, typename Rules>
class Block {
 public:
  using Scalar = typename Ring::Scalar;
  using T = Term<Scalar>;
  using Worker = Hand<Scalar, Rules>;

  Block(Ring& ring, Crew& crew, Hands<Scalar, Rules>& hands, Tally& tally) : ring_(ring), crew_(crew), hands_(hands), tally_(tally) {}

  // Generators of source and target by (matching << 32 | q): equal kinds may cancel.
  void begin(bool wide, int points, std::uint32_t dead, const std::vector<std::uint64_t>& source_kind, const std::vector<std::uint64_t>& target_kind) {
    is_wide_ = wide, points_ = points, dead_ = dead;
    release();
    buckets_.clear();
    rows_.assign(source_kind.size(), {});
    columns_.assign(target_kind.size(), {});
    row_state_.assign(source_kind.size(), kAlive);
    column_alive_.assign(target_kind.size(), 1);
    job_of_.assign(source_kind.size(), kNone);
    source_kind_ = source_kind.data(), target_kind_ = target_kind.data();
  }

  void set_row(Worker& hand, std::uint32_t r, const Row<T>& terms) {
    store(hand.arena, rows_[r], terms.data(), static_cast<std::uint32_t>(terms.size()));
  }

  // Enter the rows from first to last into their columns; each thread serves columns of its own, in the order of the rows.
  void attach(std::uint32_t first, std::uint32_t last) {
    const unsigned parts = crew_.active();
    crew_.share(parts, [&](unsigned worker, std::size_t part) {
      Arena& arena = hands_[worker]->arena;
      Column* const columns = columns_.data();
      for (std::uint32_t r = first; r < last; ++r) {
        std::uint32_t before = kNone;
        for (const T *t = rows_[r].data, *const stop = end(rows_[r]); t < stop; ++t) {
          if (t->target != before && owner(t->target, parts) == part) add(arena, columns[t->target], r);
          before = t->target;
        }
      }
    });
  }

  template <typename Poll>
  void eliminate(Poll&& poll) {
    const std::uint64_t *const source_kind = source_kind_, *const target_kind = target_kind_;
    for (std::uint32_t r = 0, n = static_cast<std::uint32_t>(rows_.size()); r < n; ++r) {
      const std::uint64_t kind = source_kind[r];
      for (const T *t = rows_[r].data, *const stop = end(rows_[r]); t < stop; ++t)
        if (t->mask == 0 && kind == target_kind[t->target] && ring_.unit(t->value)) buckets_.push(cost(r, t->target), r, t->target);
    }
    while (select()) {
      link();
      reduce_all();
      bury();
      poll();
    }
    for (auto& hand : hands_) {
      tally_.compositions += std::exchange(hand->compositions, 0);
      tally_.rows += std::exchange(hand->reductions, 0);
    }
  }

  bool row_alive(std::uint32_t r) const { return row_state_[r] == kAlive; }
  const std::vector<char>& column_alive() const { return column_alive_; }
  const Span<T>& row(std::uint32_t r) const { return rows_[r]; }
  void release() {
    for (auto& hand : hands_) hand->arena.reset();
  }

 private:
  static constexpr char kDead = 0, kAlive = 1, kPivot = 2;
  static constexpr std::uint32_t kNone = ~0u;
  static constexpr std::size_t kChunk = 16;            // rows reduced at a time
  static constexpr std::size_t kPatience = 64;         // candidates put off in a batch, beyond as many as it has pivots
  static constexpr int kSlack = 4;                     // buckets, one octave of costs, that a batch may span
  static constexpr std::uint64_t kBatch = 20000;       // terms of fill-in, about, of a batch
  static constexpr bool kEven = !Rules::kOdd;

  struct Column : Span<std::uint32_t> {
    std::uint32_t count = 0;  // rows that have the column; the list may also hold rows that had it
  };
  struct Group {
    std::uint32_t begin, end, target, matching;
    int discs;  // circles of the pivot's matching with this one
  };
  struct Pivot {
    std::uint32_t row, column, first, last;  // its groups
    Scalar factor;
  };
  struct Job {  // a row and the pivots that reduce it, as a list of links
    std::uint32_t row, head, tail;
  };
  struct Link {
    std::uint32_t pivot, next;
  };
  struct Change {
    std::uint32_t row, column;
    bool added;
  };
  struct Log {  // what reducing some rows means for the columns
    std::vector<Change> changes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> proposals;
  };

  static T* end(const Span<T>& row) { return row.data + row.size; }
  static T* find(const Span<T>& row, std::uint32_t column) {
    return std::lower_bound(row.data, row.data + row.size, column, [](const T& t, std::uint32_t c) { return t.target < c; });
  }
  static const T* entry(const Span<T>& row, std::uint32_t column) {
    const T* found = find(row, column);
    return found != end(row) && found->target == column ? found : nullptr;
  }
  std::uint64_t cost(std::uint32_t row, std::uint32_t column) const {
    return std::uint64_t{rows_[row].size - 1} * (columns_[column].count - 1);
  }
  static unsigned owner(std::uint32_t column, unsigned parts) { return parts == 1 ? 0 : (column >> 4) % parts; }

  template <typename U>
  static void reserve(Arena& arena, Span<U>& span, std::uint32_t size) {  // drops the content
    const unsigned k = Arena::size_class(std::size_t{size} * sizeof(U));
    if (span.data && span.block >= k) return;
    if (span.data) arena.put(span.data, span.block);
    span.data = static_cast<U*>(arena.get(k));
    span.block = static_cast<std::uint8_t>(k);
  }
  static void store(Arena& arena, Span<T>& row, const T* terms, std::uint32_t size) {
    if (size) {
      reserve(arena, row, size);
      std::memcpy(static_cast<void*>(row.data), terms, size * sizeof(T));
    }
    row.size = size;
  }
  static void add(Arena& arena, Column& c, std::uint32_t r) {
    ++c.count;
    if (c.data == nullptr || c.size * sizeof(std::uint32_t) == std::size_t{16} << c.block) {
      const unsigned k = c.data ? c.block + 1u : 0u;
      auto* larger = static_cast<std::uint32_t*>(arena.get(k));
      if (c.data) {
        std::memcpy(larger, c.data, c.size * sizeof(std::uint32_t));
        arena.put(c.data, c.block);
      }
      c.data = larger, c.block = static_cast<std::uint8_t>(k);
    }
    c.data[c.size++] = r;
  }
  void propose(std::uint32_t r, const T& term) {
    if (term.mask == 0 && source_kind_[r] == target_kind_[term.target] && ring_.unit(term.value)) buckets_.push(cost(r, term.target), r, term.target);
  }

  // Choose the next batch: pivots of the lowest cost that do not touch each other. Whether there is any.
  bool select() {
    pivots_.clear(), groups_.clear(), deferred_.clear();
    work_ = 0;
    int from, level = -1;
    std::uint32_t row, column;
    while (work_ < kBatch && deferred_.size() <= pivots_.size() + kPatience && buckets_.pop(from, row, column)) {
      if (level >= 0 && from > level + kSlack) {
        buckets_.put_back(from, row, column);
        break;
      }
      if (row_state_[row] != kAlive || !column_alive_[column]) continue;
      const T* unit = entry(rows_[row], column);
      if (!unit || !ring_.unit(unit->value)) continue;
      const std::uint64_t now = cost(row, column);
      if (Buckets::bucket(now) > from) {
        buckets_.push(now, row, column);
      } else if (!pivots_.empty() && touched(row, column)) {
        deferred_.emplace_back(row, column);
      } else {
        if (level < 0) level = from;
        accept(row, column, unit->value, now);
      }
    }
    for (; !deferred_.empty(); deferred_.pop_back())
      buckets_.push(cost(deferred_.back().first, deferred_.back().second), deferred_.back().first, deferred_.back().second);
    return !pivots_.empty();
  }

  // Whether the row has a column, or the column a row, of a pivot chosen.
  bool touched(std::uint32_t row, std::uint32_t column) const {
    for (std::uint32_t i = 0; i < rows_[row].size; ++i)
      if (!column_alive_[rows_[row].data[i].target]) return true;
    const Column& c = columns_[column];
    for (std::uint32_t i = 0; i < c.size; ++i)
      if (row_state_[c.data[i]] == kPivot && entry(rows_[c.data[i]], column)) return true;
    return false;
  }

  void accept(std::uint32_t row, std::uint32_t column, Scalar unit, std::uint64_t cost) {
    ++tally_.pivots;
    work_ += cost;
    row_state_[row] = kPivot, column_alive_[column] = 0;
    const Span<T>& pivot = rows_[row];
    const auto first = static_cast<std::uint32_t>(groups_.size());
    const bool lone = columns_[column].count == 1;
    for (std::uint32_t i = 0; i < pivot.size;) {
      const std::uint32_t target = pivot.data[i].target, begin = i;
      while (i < pivot.size && pivot.data[i].target == target) ++i;
      if (target == column) continue;
      --columns_[target].count;
      if (!lone) groups_.push_back({begin, i, target, matching(target_kind_[target]), 0});
    }
    pivots_.push_back({row, column, first, static_cast<std::uint32_t>(groups_.size()), ring_.minus_inverse(unit)});
  }

  static std::uint32_t matching(std::uint64_t kind) { return static_cast<std::uint32_t>(kind >> 32); }

  // Which rows the batch reduces, in the order of their first mention, each by which pivots.
  void link() {
    links_.clear(), jobs_.clear();
    for (std::uint32_t p = 0; p < pivots_.size(); ++p) {
      const Column& c = columns_[pivots_[p].column];
      if (c.count == 1) continue;
      if constexpr (kEven) {
        if (is_wide_) count_discs(hands_[0]->wide_names, pivots_[p]);
        else count_discs(hands_[0]->narrow_names, pivots_[p]);
      }
      for (std::uint32_t i = 0; i < c.size; ++i) {
        const std::uint32_t r = c.data[i], l = static_cast<std::uint32_t>(links_.size());
        if (row_state_[r] != kAlive) continue;
        if (job_of_[r] == kNone) {
          job_of_[r] = static_cast<std::uint32_t>(jobs_.size());
          jobs_.push_back({r, l, l});
        } else {
          links_[jobs_[job_of_[r]].tail].next = l, jobs_[job_of_[r]].tail = l;
        }
        links_.push_back({p, kNone});
      }
    }
  }

  template <typename Names>
  void count_discs(Names& names, const Pivot& pivot) {
    const std::uint32_t m = matching(target_kind_[pivot.column]);
    for (std::uint32_t g = pivot.first; g < pivot.last; ++g) groups_[g].discs = names(m, groups_[g].matching).count();
  }

  // No row is written but by its own job, none of the pivots' at all, and the columns only after all rows: so the threads change nothing.
  void reduce_all() {
    const std::size_t chunks = (jobs_.size() + kChunk - 1) / kChunk;
    proposals_.clear();
    if (crew_.active() == 1 || !crew_.worth(work_) || chunks < 2) {
      if (logs_.empty()) logs_.resize(1);
      for (std::size_t c = 0; c < chunks; ++c) {
        reduce_chunk(*hands_[0], c, logs_[0]);
        apply(hands_[0]->arena, logs_[0], 0, 1);
        proposals_.insert(proposals_.end(), logs_[0].proposals.begin(), logs_[0].proposals.end());
      }
    } else {
      if (logs_.size() < chunks) logs_.resize(chunks);
      crew_.share(chunks, [&](unsigned worker, std::size_t c) { reduce_chunk(*hands_[worker], c, logs_[c]); });
      const unsigned parts = crew_.active();
      crew_.share(parts, [&](unsigned worker, std::size_t part) {
        for (std::size_t c = 0; c < chunks; ++c) apply(hands_[worker]->arena, logs_[c], static_cast<unsigned>(part), parts);
      });
      for (std::size_t c = 0; c < chunks; ++c) proposals_.insert(proposals_.end(), logs_[c].proposals.begin(), logs_[c].proposals.end());
    }
    for (const auto& [row, column] : proposals_)
      if (const T* term = entry(rows_[row], column)) propose(row, *term);
  }

  void reduce_chunk(Worker& hand, std::size_t chunk, Log& log) {
    log.changes.clear(), log.proposals.clear();
    hand.pivot = kNone;
    const std::size_t end = std::min(jobs_.size(), (chunk + 1) * kChunk);
    for (std::size_t j = chunk * kChunk; j < end; ++j) {
      if (j + 1 < end) __builtin_prefetch(rows_[jobs_[j + 1].row].data);
      for (std::uint32_t l = jobs_[j].head; l != kNone; l = links_[l].next) {
        if constexpr (kEven) {
          if (is_wide_) reduce(hand, hand.wide, hand.wide_names, jobs_[j].row, links_[l].pivot, log);
          else reduce(hand, hand.narrow, hand.narrow_names, jobs_[j].row, links_[l].pivot, log);
        } else {
          auto& cache = is_wide_ ? hand.wide : hand.narrow;
          reduce(hand, cache, cache, jobs_[j].row, links_[l].pivot, log);
        }
      }
      job_of_[jobs_[j].row] = kNone;
    }
  }

  void apply(Arena& arena, const Log& log, unsigned part, unsigned parts) {
    for (const Change& change : log.changes) {
      if (owner(change.column, parts) != part) continue;
      if (change.added) add(arena, columns_[change.column], change.row);
      else --columns_[change.column].count;
    }
  }

  void bury() {
    Arena& arena = hands_[0]->arena;
    for (const Pivot& p : pivots_) {
      row_state_[p.row] = kDead;
      if (rows_[p.row].data) arena.put(rows_[p.row].data, rows_[p.row].block);
      if (columns_[p.column].data) arena.put(columns_[p.column].data, columns_[p.column].block);
      rows_[p.row] = {};
      columns_[p.column] = {};
    }
  }

  // Subtract from row r its part through the pivot.
  template <typename Compositions, typename Names>
  void reduce(Worker& hand, Compositions& cache, Names& names, std::uint32_t r, std::uint32_t p, Log& log) {
    const Pivot& pivot = pivots_[p];
    Span<T>& row = rows_[r];
    T* low = find(row, pivot.column);
    T* high = low;
    while (high < end(row) && high->target == pivot.column) ++high;
    if (low == high) return;  // a stale mention
    ++hand.reductions;
    const std::uint32_t a = matching(source_kind_[r]), m = matching(target_kind_[pivot.column]);
    hand.fresh.clear();
    if constexpr (kEven) compose_all(hand, cache, names, a, m, low, high, pivot);
    else compose_all(hand, cache, a, m, low, high, p);
    std::memmove(static_cast<void*>(low), high, static_cast<std::size_t>(end(row) - high) * sizeof(T));
    row.size -= static_cast<std::uint32_t>(high - low);
    if (!hand.fresh.empty()) merge(hand, r, log);
  }

  // Nine composites in ten are made of discs: then the circles say all, and no surface need be known.
  template <bool wide>
  void compose_all(Worker& hand, CompositionCache<wide>& cache, NameCache<wide>& names, std::uint32_t a, std::uint32_t m, const T* low, const T* high,
                   const Pivot& pivot) {
    constexpr std::uint32_t ahead = 8;
    for (std::uint32_t i = pivot.first; i < std::min(pivot.first + ahead, pivot.last); ++i) names.prefetch(a, groups_[i].matching);
    const int discs = names(a, m).count() - points_ / 2;
    for (std::uint32_t i = pivot.first; i < pivot.last; ++i) {
      const Group& g = groups_[i];
      if (i + ahead < pivot.last) names.prefetch(a, groups_[i + ahead].matching);
      const Names<wide>& circles = names(a, g.matching);
      if (discs + g.discs == circles.count()) compose(hand, DiscRule<wide>{circles}, g, low, high, pivot);
      else compose(hand, cache.template get<deformed>(a, m, g.matching), g, low, high, pivot);
    }
  }

  template <typename Compositions>
  void compose_all(Worker& hand, Compositions& cache, std::uint32_t a, std::uint32_t m, const T* low, const T* high, std::uint32_t p) {
    constexpr std::uint32_t ahead = 6;
    const Pivot& pivot = pivots_[p];
    if (hand.pivot != p) {
      hand.pivot = p;
      hand.traced.assign(pivot.last - pivot.first, 0);
      if (hand.above.size() < hand.traced.size()) hand.above.resize(hand.traced.size());
    }
    bool traced = false;
    const auto first = [&]() -> const Circles& {
      if (!traced) cache.trace(hand.below, a, m);
      traced = true;
      return hand.below;
    };
    for (std::uint32_t i = pivot.first; i < std::min(pivot.first + ahead, pivot.last); ++i) cache.prefetch(a, m, groups_[i].matching);
    for (std::uint32_t i = pivot.first; i < pivot.last; ++i) {
      const Group& g = groups_[i];
      if (i + ahead < pivot.last) cache.prefetch(a, m, groups_[i + ahead].matching);
      const auto second = [&]() -> const Circles& {
        Circles& circles = hand.above[i - pivot.first];
        if (!hand.traced[i - pivot.first]) cache.trace(circles, m, g.matching);
        hand.traced[i - pivot.first] = 1;
        return circles;
      };
      compose(hand, cache.template get<deformed>(a, m, g.matching, first, second), g, low, high, pivot);
    }
  }

  template <typename Rule>
  void compose(Worker& hand, const Rule& rule, const Group& g, const T* low, const T* high, const Pivot& pivot) {
    hand.compositions += static_cast<std::uint64_t>(high - low) * (g.end - g.begin);
    if (!deformed && (rule.many || (Ring::kParity && rule.odd))) return;
    const std::size_t first = hand.fresh.size();
    const T* through = rows_[pivot.row].data;
    for (const T* t = low; t < high; ++t) {
      const Scalar left = ring_.mul(pivot.factor, t->value);
      for (std::uint32_t i = g.begin; i < g.end; ++i) {
        const Scalar product = ring_.mul(left, through[i].value);
        rule.template compose<deformed, Ring::kParity>(t->mask, through[i].mask, dead_, [&](std::uint32_t mask, int k) {
          Scalar value = product;
          if (ring_.scale(value, k)) hand.fresh.push_back({g.target, mask, value});
        });
      }
    }
    tidy(ring_, hand.fresh, first);
  }

  // Add the fresh terms to row r; note the columns it gains and loses, and what may be a new pivot.
  void merge(Worker& hand, std::uint32_t r, Log& log) {
    Span<T>& row = rows_[r];
    hand.merged.resize(row.size + hand.fresh.size());
    T* out = hand.merged.data();
    const T *p = row.data, *p_end = p + row.size, *f = hand.fresh.data(), *f_end = f + hand.fresh.size();
    while (f < f_end) {
      const std::uint32_t target = f->target;
      while (p < p_end && p->target < target) *out++ = *p++;
      T* const first = out;
      const bool had = p < p_end && p->target == target;
      while (p < p_end && p->target == target && f < f_end && f->target == target) {
        if (p->mask < f->mask) *out++ = *p++;
        else if (f->mask < p->mask) *out++ = *f++;
        else {
          T term = *p++;
          if (ring_.add(term.value, (f++)->value)) *out++ = term;
        }
      }
      while (p < p_end && p->target == target) *out++ = *p++;
      while (f < f_end && f->target == target) *out++ = *f++;
      if (out == first) {
        log.changes.push_back({r, target, false});
        continue;
      }
      if (!had) log.changes.push_back({r, target, true});
      if (first->mask == 0 && source_kind_[r] == target_kind_[target]) log.proposals.emplace_back(r, target);
    }
    const auto rest = static_cast<std::size_t>(p_end - p);
    if (rest) std::memcpy(static_cast<void*>(out), p, rest * sizeof(T));
    store(hand.arena, row, hand.merged.data(), static_cast<std::uint32_t>(out - hand.merged.data() + static_cast<std::ptrdiff_t>(rest)));
  }

  Ring& ring_;
  Crew& crew_;
  Hands<Scalar, Rules>& hands_;
  Tally& tally_;
  int points_ = 0;
  bool is_wide_ = false;
  std::uint32_t dead_ = 0;  // discs on which a dot is 0
  Buckets buckets_;
  std::vector<Span<T>> rows_;
  std::vector<Column> columns_;
  std::vector<char> row_state_, column_alive_;
  const std::uint64_t *source_kind_ = nullptr, *target_kind_ = nullptr;
  std::uint64_t work_ = 0;
  std::vector<Pivot> pivots_;
  std::vector<Group> groups_;
  std::vector<Job> jobs_;
  std::vector<Link> links_;
  std::vector<std::uint32_t> job_of_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> deferred_, proposals_;
  std::vector<Log> logs_;
};

}  // namespace erlangen::khovanov
