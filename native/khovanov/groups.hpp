// Homology groups of a scanned complex over Z, and s: small matrices, in checked 64-bit integers.
// Definition: reduced is X = 0, H = 0; unreduced the tensor product with A = <1, X>; s the degree of the tower over Q[H] at X = 0.
// Convention: NumberTooLarge where 64 bits do not suffice; the caller then takes the slower exact path.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "engine.hpp"

namespace erlangen::khovanov {

struct NumberTooLarge {};

struct Summand {
  std::int32_t h, q;
  std::int64_t order;  // 0: free, else a prime power
  std::int64_t multiplicity;
};

class Matrix {  // dense, small
 public:
  Matrix(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns), entries_(rows * columns, 0) {}
  std::int64_t& operator()(std::size_t i, std::size_t j) { return entries_[i * columns_ + j]; }

  // Non-zero invariants, up to sign and order: rank many. Without their common divisor most entries are units, which are pivots at once.
  std::vector<std::int64_t> smith() {
    std::vector<std::int64_t> found;
    std::int64_t content = 0;
    for (std::int64_t v : entries_)
      if (v && content != 1) content = std::gcd(content, v);
    if (content > 1)
      for (std::int64_t& v : entries_)
        if (v) v /= content;
    for (std::size_t top = 0; top < std::min(rows_, columns_); ++top) {
      if (!smallest_to(top)) break;
      if (std::abs((*this)(top, top)) == 1) strike(top);
      else
        while (!cleared(top)) smallest_in_cross_to(top);
      found.push_back(times(std::abs((*this)(top, top)), content));
    }
    return found;
  }

 private:
  // Empty rows go to the end and are forgotten.
  bool smallest_to(std::size_t top) {
    std::size_t row = 0, column = 0;
    std::int64_t least = 0;
    for (std::size_t i = top; i < rows_ && least != 1;) {
      const std::int64_t* const entries = &(*this)(i, 0);
      bool empty = true;
      for (std::size_t j = top; j < columns_ && least != 1; ++j) {
        if (entries[j] == 0) continue;
        empty = false;
        if (const std::int64_t v = std::abs(entries[j]); !least || v < least) least = v, row = i, column = j;
      }
      if (empty) swap_rows(i, --rows_);
      else ++i;
    }
    if (least) swap_rows(top, row), swap_columns(top, column);
    return least != 0;
  }
  // A unit in the corner: its column is cleared, and its row then never looked at again.
  void strike(std::size_t top) {
    across_.clear();
    for (std::size_t j = top + 1; j < columns_; ++j)
      if ((*this)(top, j)) across_.push_back(j);
    for (std::size_t i = top + 1; i < rows_; ++i)
      if (const std::int64_t factor = (*this)(i, top) * (*this)(top, top))
        for (std::size_t j : across_) subtract((*this)(i, j), factor, (*this)(top, j));
  }
  // One round of division in row and column of the corner; whether both are clear.
  bool cleared(std::size_t top) {
    bool clear = true;
    const std::int64_t pivot = (*this)(top, top);
    for (std::size_t i = top + 1; i < rows_; ++i)
      if (const std::int64_t factor = (*this)(i, top) / pivot; (*this)(i, top)) {
        for (std::size_t j = top; j < columns_; ++j) subtract((*this)(i, j), factor, (*this)(top, j));
        clear &= (*this)(i, top) == 0;
      }
    for (std::size_t j = top + 1; j < columns_; ++j)
      if (const std::int64_t factor = (*this)(top, j) / pivot; (*this)(top, j)) {
        for (std::size_t i = top; i < rows_; ++i) subtract((*this)(i, j), factor, (*this)(i, top));
        clear &= (*this)(top, j) == 0;
      }
    for (std::size_t i = top + 1; clear && i < rows_; ++i) clear = (*this)(i, top) == 0;
    return clear;
  }
  void smallest_in_cross_to(std::size_t top) {
    std::size_t row = top, column = top;
    std::int64_t least = std::abs((*this)(top, top));
    for (std::size_t i = top + 1; i < rows_; ++i)
      if (const std::int64_t v = std::abs((*this)(i, top)); v && v < least) least = v, row = i, column = top;
    for (std::size_t j = top + 1; j < columns_; ++j)
      if (const std::int64_t v = std::abs((*this)(top, j)); v && v < least) least = v, row = top, column = j;
    swap_rows(top, row), swap_columns(top, column);
  }
  void swap_rows(std::size_t i, std::size_t k) {
    for (std::size_t j = 0; i != k && j < columns_; ++j) std::swap((*this)(i, j), (*this)(k, j));
  }
  void swap_columns(std::size_t j, std::size_t k) {
    for (std::size_t i = 0; j != k && i < rows_; ++i) std::swap((*this)(i, j), (*this)(i, k));
  }
  static std::int64_t times(std::int64_t x, std::int64_t y) {
    std::int64_t product;
    if (__builtin_mul_overflow(x, y, &product)) throw NumberTooLarge();
    return product;
  }
  static void subtract(std::int64_t& x, std::int64_t factor, std::int64_t y) {
    std::int64_t product, difference;
    if (__builtin_mul_overflow(factor, y, &product) || __builtin_sub_overflow(x, product, &difference) || difference == INT64_MIN)
      throw NumberTooLarge();
    x = difference;
  }

  std::size_t rows_, columns_;
  std::vector<std::int64_t> entries_;
  std::vector<std::size_t> across_;
};

struct Entry {
  std::uint32_t source, target;
  std::int64_t value;
};

using Degree = std::pair<std::int32_t, std::int32_t>;  // h, q

// Prime powers of the order of a cyclic group.
template <typename Emit>
void split(std::int64_t order, Emit&& emit) {
  for (std::int64_t p = 2; order > 1; ++p) {
    if (p * p > order) p = order;
    std::int64_t power = 1;
    for (; order % p == 0; order /= p) power *= p;
    if (power > 1) emit(power);
  }
}

// The degrees that occur, in order, and each generator's place among those of its degree.
struct Cells {
  std::vector<Degree> degree;
  std::vector<std::uint32_t> size, of, place;  // of a degree; of a generator

  explicit Cells(const std::vector<Degree>& degrees) : of(degrees.size()), place(degrees.size()) {
    if (degrees.empty()) return;
    auto [low_h, low_q] = degrees[0];
    auto [high_h, high_q] = degrees[0];
    for (const auto& [h, q] : degrees) low_h = std::min(low_h, h), high_h = std::max(high_h, h), low_q = std::min(low_q, q), high_q = std::max(high_q, q);
    const auto width = static_cast<std::size_t>(high_q - low_q + 1);
    std::vector<std::uint32_t> grid(static_cast<std::size_t>(high_h - low_h + 1) * width, 0);
    const auto at = [&, h0 = low_h, q0 = low_q](const Degree& d) { return static_cast<std::size_t>(d.first - h0) * width + static_cast<std::size_t>(d.second - q0); };
    for (std::size_t g = 0; g < degrees.size(); ++g) place[g] = grid[at(degrees[g])]++;
    for (std::size_t n = 0; n < grid.size(); ++n) {
      if (grid[n] == 0) continue;
      degree.emplace_back(low_h + static_cast<std::int32_t>(n / width), low_q + static_cast<std::int32_t>(n % width));
      size.push_back(grid[n]);
      grid[n] = static_cast<std::uint32_t>(size.size() - 1);
    }
    for (std::size_t g = 0; g < degrees.size(); ++g) of[g] = grid[at(degrees[g])];
  }
};

// Homology of a bigraded complex of free groups: degrees of the generators and entries that preserve q.
inline std::vector<Summand> homology(const std::vector<Degree>& degrees, const std::vector<Entry>& entries) {
  const Cells cells(degrees);
  const std::vector<std::uint32_t>&cell = cells.of, &place = cells.place, &size = cells.size;
  std::vector<std::int64_t> rank(size.begin(), size.end());
  std::vector<std::pair<std::uint32_t, std::int64_t>> torsion;
  std::vector<std::uint32_t> last(size.size() + 1, 0), sorted(entries.size());  // entries by the cell of their source
  for (const Entry& e : entries) ++last[cell[e.source] + 1];
  std::partial_sum(last.begin(), last.end(), last.begin());
  for (std::uint32_t i = 0; i < entries.size(); ++i) sorted[last[cell[entries[i].source]]++] = i;
  for (std::uint32_t here = 0, begin = 0; here < size.size(); begin = last[here++]) {
    if (begin == last[here]) continue;
    const std::uint32_t above = cell[entries[sorted[begin]].target];
    Matrix matrix(size[here], size[above]);
    for (std::uint32_t i = begin; i < last[here]; ++i) {
      const Entry& e = entries[sorted[i]];
      matrix(place[e.source], place[e.target]) += e.value;
    }
    for (std::int64_t d : matrix.smith()) {
      --rank[here], --rank[above];
      split(d, [&](std::int64_t power) { torsion.emplace_back(above, power); });
    }
  }
  std::sort(torsion.begin(), torsion.end());
  std::vector<Summand> groups;
  auto t = torsion.begin();
  for (std::uint32_t c = 0; c < size.size(); ++c) {
    const auto [h, q] = cells.degree[c];
    if (rank[c]) groups.push_back({h, q, 0, rank[c]});
    while (t != torsion.end() && t->first == c) {
      const auto run = std::find_if(t, torsion.end(), [&](const auto& other) { return other != *t; });
      groups.push_back({h, q, t->second, run - t});
      t = run;
    }
  }
  return groups;
}

inline std::vector<Summand> reduced_groups(const Finished& f) {
  std::vector<Degree> degrees;
  degrees.reserve(f.h.size());
  for (std::size_t g = 0; g < f.h.size(); ++g) degrees.emplace_back(f.h[g], f.q[g]);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < f.source.size(); ++i)
    if (!f.dotted[i] && f.q[f.source[i]] == f.q[f.target[i]])
      entries.push_back({static_cast<std::uint32_t>(f.source[i]), static_cast<std::uint32_t>(f.target[i]), f.coefficient[i]});
  return homology(degrees, entries);
}

inline std::vector<Summand> unreduced_groups(const Finished& f) {
  std::vector<Degree> degrees;  // generator g gives 2 g = (g, 1), 2 g + 1 = (g, X)
  degrees.reserve(2 * f.h.size());
  for (std::size_t g = 0; g < f.h.size(); ++g) degrees.emplace_back(f.h[g], f.q[g] + 1), degrees.emplace_back(f.h[g], f.q[g] - 1);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < f.source.size(); ++i) {
    const auto s = static_cast<std::uint32_t>(2 * f.source[i]), t = static_cast<std::uint32_t>(2 * f.target[i]);
    const int rise = f.q[f.target[i]] - f.q[f.source[i]];
    if (f.dotted[i] && rise == 2) entries.push_back({s, t + 1, f.coefficient[i]});
    if (!f.dotted[i] && rise == 0) entries.push_back({s, t, f.coefficient[i]}), entries.push_back({s + 1, t + 1, f.coefficient[i]});
  }
  return homology(degrees, entries);
}

// Degrees (h, q) of the free towers over Q[H] of the deformed complex at X = 0.
class Towers {
 public:
  explicit Towers(const Finished& f) : f_(f), rows_(f.h.size()), paired_(f.h.size(), 0) {
    for (std::size_t i = 0; i < f.source.size(); ++i)
      if (!f.dotted[i]) rows_[f.source[i]].emplace_back(f.target[i], f.coefficient[i]);
    for (auto& row : rows_) std::sort(row.begin(), row.end());
  }

  std::vector<std::size_t> free() {
    for (std::size_t begin = 0; begin < rows_.size();) {
      std::size_t end = begin;
      while (end < rows_.size() && f_.h[end] == f_.h[begin]) ++end;
      reduce(begin, end);
      begin = end;
    }
    std::vector<std::size_t> left;
    for (std::size_t g = 0; g < rows_.size(); ++g)
      if (!paired_[g]) left.push_back(g);
    return left;
  }

 private:
  using Row = std::vector<std::pair<std::int32_t, std::int64_t>>;

  // One differential: the entry of least power of H first, so that every division is possible.
  void reduce(std::size_t begin, std::size_t end) {
    for (;;) {
      std::size_t row = end, column = 0;
      std::int32_t least = 0;
      for (std::size_t s = begin; s < end; ++s)
        if (!paired_[s])
          for (const auto& [t, c] : rows_[s])
            if (const std::int32_t power = f_.q[t] - f_.q[s]; row == end || power < least) row = s, column = static_cast<std::size_t>(t), least = power;
      if (row == end) return;
      paired_[row] = paired_[column] = 1;
      for (std::size_t s = begin; s < end; ++s)
        if (!paired_[s]) clear(rows_[s], rows_[row], static_cast<std::int32_t>(column));
    }
  }

  static std::int64_t at(const Row& row, std::int32_t column) {
    const auto place = std::lower_bound(row.begin(), row.end(), std::pair(column, INT64_MIN));
    return place != row.end() && place->first == column ? place->second : 0;
  }
  static void clear(Row& row, const Row& pivot, std::int32_t column) {
    const std::int64_t factor = at(row, column), unit = at(pivot, column);
    if (!factor) return;
    Row sum;
    std::int64_t content = 0;
    for (std::size_t i = 0, j = 0; i < row.size() || j < pivot.size();) {
      const std::int32_t next = i == row.size() ? pivot[j].first : j == pivot.size() ? row[i].first : std::min(row[i].first, pivot[j].first);
      std::int64_t a = 0, b = 0, value;
      if (i < row.size() && row[i].first == next && __builtin_mul_overflow(unit, row[i++].second, &a)) throw NumberTooLarge();
      if (j < pivot.size() && pivot[j].first == next && __builtin_mul_overflow(factor, pivot[j++].second, &b)) throw NumberTooLarge();
      if (__builtin_sub_overflow(a, b, &value) || value == INT64_MIN) throw NumberTooLarge();
      if (value) sum.emplace_back(next, value), content = std::gcd(content, value);
    }
    if (content > 1)
      for (auto& [t, value] : sum) value /= content;
    row = std::move(sum);
  }

  const Finished& f_;
  std::vector<Row> rows_;
  std::vector<char> paired_;
};

}  // namespace erlangen::khovanov
