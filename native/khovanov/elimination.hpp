// Gaussian elimination of one differential: unit entries between equal matchings of equal degree are cancelled.
// Definition: cancelling c -u-> t replaces every other row r by r - (r -> t) u^-1 (c -> .), and removes c and t.
// Convention: pivots by Markowitz: least (terms of the row - 1)(rows with the column - 1) first, from buckets checked when popped.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "complex.hpp"
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

template <typename Ring, bool deformed, typename Narrow = CompositionCache<false>, typename Wide = CompositionCache<true>>
class Block {
 public:
  using Scalar = typename Ring::Scalar;
  using T = Term<Scalar>;

  Block(Ring& ring, Meter& meter, Narrow& narrow, Wide& wide, Tally& tally)
      : ring_(ring), arena_(meter), narrow_(narrow), wide_(wide), tally_(tally) {}

  // Circles of two matchings, by which composites made of discs alone are told (the even theory).
  void restart_names(const Matchings& matchings, std::size_t places) {
    points_ = matchings.points();
    if (points_ > 16) wide_names_.restart(matchings, places);
    else narrow_names_.restart(matchings, places);
  }
  std::size_t name_bytes() const { return narrow_names_.bytes() + wide_names_.bytes(); }

  // Generators of source and target by (matching << 32 | q): equal kinds may cancel.
  void begin(bool wide, std::uint32_t dead, const std::vector<std::uint64_t>& source_kind, const std::vector<std::uint64_t>& target_kind) {
    is_wide_ = wide, dead_ = dead;
    arena_.reset();
    buckets_.clear();
    rows_.assign(source_kind.size(), {});
    columns_.assign(target_kind.size(), {});
    row_alive_.assign(source_kind.size(), 1);
    column_alive_.assign(target_kind.size(), 1);
    source_kind_ = source_kind.data(), target_kind_ = target_kind.data();
  }

  void set_row(std::uint32_t r, const std::vector<T>& terms) {
    store(rows_[r], terms.data(), static_cast<std::uint32_t>(terms.size()));
    for (std::size_t i = 0; i < terms.size(); ++i)
      if (i == 0 || terms[i].target != terms[i - 1].target) attach(r, terms[i].target);
  }

  template <typename Poll>
  void eliminate(Poll&& poll) {
    for (std::uint32_t r = 0; r < rows_.size(); ++r)
      for (std::uint32_t i = 0; i < rows_[r].size; ++i) propose(r, rows_[r].data[i]);
    int from;
    std::uint32_t row, column;
    while (buckets_.pop(from, row, column)) {
      if (!row_alive_[row] || !column_alive_[column]) continue;
      const T* entry = find(rows_[row], column);
      if (entry == end(rows_[row]) || entry->target != column || !ring_.unit(entry->value)) continue;
      const std::uint64_t now = cost(row, column);
      if (Buckets::bucket(now) > from) {
        buckets_.push(now, row, column);
        continue;
      }
      cancel(row, column, entry->value);
      poll();
    }
  }

  const std::vector<char>& row_alive() const { return row_alive_; }
  const std::vector<char>& column_alive() const { return column_alive_; }
  const Span<T>& row(std::uint32_t r) const { return rows_[r]; }
  void release() { arena_.reset(); }

 private:
  struct Column : Span<std::uint32_t> {
    std::uint32_t count = 0;  // rows that have the column; the list may also hold rows that had it
  };
  struct Group {
    std::uint32_t begin, end, target, matching;
    bool traced;
    int discs;  // circles of the pivot's matching with this one
  };

  static T* end(const Span<T>& row) { return row.data + row.size; }
  static T* find(const Span<T>& row, std::uint32_t column) {
    return std::lower_bound(row.data, row.data + row.size, column, [](const T& t, std::uint32_t c) { return t.target < c; });
  }
  std::uint64_t cost(std::uint32_t row, std::uint32_t column) const {
    return std::uint64_t{rows_[row].size - 1} * (columns_[column].count - 1);
  }

  template <typename U>
  void reserve(Span<U>& span, std::uint32_t size) {  // drops the content
    const unsigned k = Arena::size_class(std::size_t{size} * sizeof(U));
    if (span.data && span.block >= k) return;
    if (span.data) arena_.put(span.data, span.block);
    span.data = static_cast<U*>(arena_.get(k));
    span.block = static_cast<std::uint8_t>(k);
  }
  void store(Span<T>& row, const T* terms, std::uint32_t size) {
    if (size) {
      reserve(row, size);
      std::memcpy(static_cast<void*>(row.data), terms, size * sizeof(T));
    }
    row.size = size;
  }
  void attach(std::uint32_t r, std::uint32_t column) {
    Column& c = columns_[column];
    ++c.count;
    if (c.data == nullptr || c.size * sizeof(std::uint32_t) == std::size_t{16} << c.block) {
      const unsigned k = c.data ? c.block + 1u : 0u;
      auto* larger = static_cast<std::uint32_t*>(arena_.get(k));
      if (c.data) {
        std::memcpy(larger, c.data, c.size * sizeof(std::uint32_t));
        arena_.put(c.data, c.block);
      }
      c.data = larger, c.block = static_cast<std::uint8_t>(k);
    }
    c.data[c.size++] = r;
  }
  void propose(std::uint32_t r, const T& term) {
    if (term.mask == 0 && source_kind_[r] == target_kind_[term.target] && ring_.unit(term.value)) buckets_.push(cost(r, term.target), r, term.target);
  }

  void cancel(std::uint32_t row, std::uint32_t column, Scalar unit) {
    ++tally_.pivots;
    row_alive_[row] = column_alive_[column] = 0;
    Span<T>& pivot = rows_[row];
    groups_.clear();
    for (std::uint32_t i = 0; i < pivot.size;) {
      const std::uint32_t target = pivot.data[i].target, first = i;
      while (i < pivot.size && pivot.data[i].target == target) ++i;
      if (target == column) continue;
      --columns_[target].count;
      groups_.push_back({first, i, target, static_cast<std::uint32_t>(target_kind_[target] >> 32), false, 0});
    }
    if (above_.size() < groups_.size()) above_.resize(groups_.size());
    const Scalar factor = ring_.minus_inverse(unit);
    Column& c = columns_[column];
    if (kEven && c.count > 1) {
      const auto m = static_cast<std::uint32_t>(target_kind_[column] >> 32);
      for (Group& g : groups_) g.discs = is_wide_ ? wide_names_(m, g.matching).count() : narrow_names_(m, g.matching).count();
    }
    for (std::uint32_t i = 0; i < c.size; ++i) {
      if (i + 1 < c.size) __builtin_prefetch(rows_[c.data[i + 1]].data);
      if (!row_alive_[c.data[i]]) continue;
      if (is_wide_) reduce(wide_, c.data[i], column, pivot, factor);
      else reduce(narrow_, c.data[i], column, pivot, factor);
    }
    if (pivot.data) arena_.put(pivot.data, pivot.block);
    if (c.data) arena_.put(c.data, c.block);
    pivot = {};
    c = {};
  }

  // Subtract from row r its part through the pivot.
  template <typename Compositions>
  void reduce(Compositions& cache, std::uint32_t r, std::uint32_t column, const Span<T>& pivot, Scalar factor) {
    Span<T>& row = rows_[r];
    T* low = find(row, column);
    T* high = low;
    while (high < end(row) && high->target == column) ++high;
    if (low == high) return;  // a stale mention
    ++tally_.rows;
    const auto a = static_cast<std::uint32_t>(source_kind_[r] >> 32), m = static_cast<std::uint32_t>(target_kind_[column] >> 32);
    fresh_.clear();
    if constexpr (kEven) compose_all(cache, names_for(cache), a, m, low, high, pivot, factor);
    else compose_all(cache, a, m, low, high, pivot, factor);
    std::memmove(static_cast<void*>(low), high, static_cast<std::size_t>(end(row) - high) * sizeof(T));
    row.size -= static_cast<std::uint32_t>(high - low);
    if (!fresh_.empty()) merge(r);
  }

  NameCache<false>& names_for(const CompositionCache<false>&) { return narrow_names_; }
  NameCache<true>& names_for(const CompositionCache<true>&) { return wide_names_; }

  // Nine composites in ten are made of discs: then the circles say all, and no surface need be known.
  template <bool wide>
  void compose_all(CompositionCache<wide>& cache, NameCache<wide>& names, std::uint32_t a, std::uint32_t m, const T* low, const T* high,
                   const Span<T>& pivot, Scalar factor) {
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < std::min(ahead, groups_.size()); ++i) names.prefetch(a, groups_[i].matching);
    const int discs = names(a, m).count() - points_ / 2;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const Group& g = groups_[i];
      if (i + ahead < groups_.size()) names.prefetch(a, groups_[i + ahead].matching);
      const Names<wide>& circles = names(a, g.matching);
      if (discs + g.discs == circles.count()) compose(DiscRule<wide>{circles}, g, low, high, pivot, factor);
      else compose(cache.template get<deformed>(a, m, g.matching), g, low, high, pivot, factor);
    }
  }

  template <typename Compositions>
  void compose_all(Compositions& cache, std::uint32_t a, std::uint32_t m, const T* low, const T* high, const Span<T>& pivot, Scalar factor) {
    constexpr std::size_t ahead = 6;
    bool traced = false;
    const auto first = [&]() -> const Circles& {
      if (!traced) cache.trace(below_, a, m);
      traced = true;
      return below_;
    };
    for (std::size_t i = 0; i < std::min(ahead, groups_.size()); ++i) cache.prefetch(a, m, groups_[i].matching);
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      if (i + ahead < groups_.size()) cache.prefetch(a, m, groups_[i + ahead].matching);
      const auto second = [&]() -> const Circles& {
        if (!groups_[i].traced) cache.trace(above_[i], m, groups_[i].matching);
        groups_[i].traced = true;
        return above_[i];
      };
      compose(cache.template get<deformed>(a, m, groups_[i].matching, first, second), groups_[i], low, high, pivot, factor);
    }
  }

  template <typename Rule>
  void compose(const Rule& rule, const Group& g, const T* low, const T* high, const Span<T>& pivot, Scalar factor) {
    tally_.compositions += static_cast<std::uint64_t>(high - low) * (g.end - g.begin);
    if (!deformed && (rule.many || (Ring::kParity && rule.odd))) return;
    const std::size_t first = fresh_.size();
    for (const T* t = low; t < high; ++t) {
      const Scalar left = ring_.mul(factor, t->value);
      for (std::uint32_t i = g.begin; i < g.end; ++i) {
        const Scalar product = ring_.mul(left, pivot.data[i].value);
        rule.template compose<deformed, Ring::kParity>(t->mask, pivot.data[i].mask, dead_, [&](std::uint32_t mask, int k) {
          Scalar value = product;
          if (ring_.scale(value, k)) fresh_.push_back({g.target, mask, value});
        });
      }
    }
    tidy(ring_, fresh_, first);
  }

  // Add the fresh terms to row r; keep columns' counts and propose new pivots.
  void merge(std::uint32_t r) {
    Span<T>& row = rows_[r];
    merged_.resize(row.size + fresh_.size());
    T* out = merged_.data();
    const T *p = row.data, *p_end = p + row.size, *f = fresh_.data(), *f_end = f + fresh_.size();
    proposals_.clear();
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
        --columns_[target].count;
        continue;
      }
      if (!had) attach(r, target);
      if (first->mask == 0 && source_kind_[r] == target_kind_[target]) proposals_.push_back(*first);
    }
    const auto rest = static_cast<std::size_t>(p_end - p);
    if (rest) std::memcpy(static_cast<void*>(out), p, rest * sizeof(T));
    store(row, merged_.data(), static_cast<std::uint32_t>(out - merged_.data() + static_cast<std::ptrdiff_t>(rest)));
    for (const T& term : proposals_) propose(r, term);
  }

  Ring& ring_;
  Arena arena_;
  static constexpr bool kEven = std::is_same_v<Narrow, CompositionCache<false>>;
  NameCache<false> narrow_names_;
  NameCache<true> wide_names_;
  int points_ = 0;
  Narrow& narrow_;
  Wide& wide_;
  bool is_wide_ = false;
  std::uint32_t dead_ = 0;  // discs on which a dot is 0
  Tally& tally_;
  Buckets buckets_;
  std::vector<Span<T>> rows_;
  std::vector<Column> columns_;
  std::vector<char> row_alive_, column_alive_;
  const std::uint64_t *source_kind_ = nullptr, *target_kind_ = nullptr;
  std::vector<Group> groups_;
  Circles below_;
  std::vector<Circles> above_;  // circles of the pivot's matching with that of each group, where needed
  std::vector<T> fresh_, merged_, proposals_;
};

}  // namespace erlangen::khovanov
