// Homology groups of a scanned complex over Z, and s: small matrices, in checked 64-bit integers.
// Definition: reduced is X = 0, H = 0; unreduced the tensor product with A = <1, X>; s the degree of the tower over Q[H] at X = 0.
// Convention: NumberTooLarge where 64 bits do not suffice; the caller then takes the slower exact path.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
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

  // Non-zero invariants, up to sign and order: rank many.
  std::vector<std::int64_t> smith() {
    std::vector<std::int64_t> found;
    for (std::size_t top = 0; top < std::min(rows_, columns_); ++top) {
      if (!smallest_to(top)) break;
      while (!cleared(top)) smallest_in_cross_to(top);
      found.push_back(std::abs((*this)(top, top)));
    }
    return found;
  }

 private:
  bool smallest_to(std::size_t top) {
    std::size_t row = 0, column = 0;
    std::int64_t least = 0;
    for (std::size_t i = top; i < rows_; ++i)
      for (std::size_t j = top; j < columns_; ++j)
        if (const std::int64_t v = std::abs((*this)(i, j)); v && (!least || v < least)) least = v, row = i, column = j;
    if (least) swap_rows(top, row), swap_columns(top, column);
    return least != 0;
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
  static void subtract(std::int64_t& x, std::int64_t factor, std::int64_t y) {
    std::int64_t product, difference;
    if (__builtin_mul_overflow(factor, y, &product) || __builtin_sub_overflow(x, product, &difference) || difference == INT64_MIN)
      throw NumberTooLarge();
    x = difference;
  }

  std::size_t rows_, columns_;
  std::vector<std::int64_t> entries_;
};

struct Entry {
  std::uint32_t source, target;
  std::int64_t value;
};

// Homology of a bigraded complex of free groups: degrees of the generators and entries that preserve q.
inline std::vector<Summand> homology(const std::vector<std::pair<std::int32_t, std::int32_t>>& degrees, const std::vector<Entry>& entries) {
  std::map<std::pair<std::int32_t, std::int32_t>, std::pair<std::int64_t, std::vector<Entry>>> blocks;  // rank left, entries out
  std::vector<std::uint32_t> place(degrees.size());
  for (std::size_t g = 0; g < degrees.size(); ++g) place[g] = static_cast<std::uint32_t>(blocks[degrees[g]].first++);
  std::map<std::pair<std::int32_t, std::int32_t>, std::pair<std::int64_t, std::int64_t>> size;
  for (const auto& [degree, block] : blocks) size[degree] = {block.first, 0};
  for (const Entry& e : entries) blocks[degrees[e.source]].second.push_back({place[e.source], place[e.target], e.value});
  std::map<std::pair<std::pair<std::int32_t, std::int32_t>, std::int64_t>, std::int64_t> torsion;
  for (auto& [degree, block] : blocks) {
    if (block.second.empty()) continue;
    const std::pair<std::int32_t, std::int32_t> above{degree.first + 1, degree.second};
    Matrix matrix(static_cast<std::size_t>(size[degree].first), static_cast<std::size_t>(size[above].first));
    for (const Entry& e : block.second) matrix(e.source, e.target) += e.value;
    for (std::int64_t d : matrix.smith()) {
      --blocks[degree].first, --blocks[above].first;
      for (std::int64_t p = 2; d > 1; ++p) {
        if (p * p > d) p = d;
        std::int64_t power = 1;
        for (; d % p == 0; d /= p) power *= p;
        if (power > 1) ++torsion[{above, power}];
      }
    }
  }
  std::vector<Summand> groups;
  for (const auto& [degree, block] : blocks) {
    if (block.first) groups.push_back({degree.first, degree.second, 0, block.first});
    for (auto t = torsion.lower_bound({degree, 0}); t != torsion.end() && t->first.first == degree; ++t)
      groups.push_back({degree.first, degree.second, t->first.second, t->second});
  }
  return groups;
}

inline std::vector<Summand> reduced_groups(const Finished& f) {
  std::vector<std::pair<std::int32_t, std::int32_t>> degrees;
  for (std::size_t g = 0; g < f.h.size(); ++g) degrees.emplace_back(f.h[g], f.q[g]);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < f.source.size(); ++i)
    if (!f.dotted[i] && f.q[f.source[i]] == f.q[f.target[i]])
      entries.push_back({static_cast<std::uint32_t>(f.source[i]), static_cast<std::uint32_t>(f.target[i]), f.coefficient[i]});
  return homology(degrees, entries);
}

inline std::vector<Summand> unreduced_groups(const Finished& f) {
  std::vector<std::pair<std::int32_t, std::int32_t>> degrees;  // generator g gives 2 g = (g, 1), 2 g + 1 = (g, X)
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
    for (auto& [t, value] : sum) value /= content;
    row = std::move(sum);
  }

  const Finished& f_;
  std::vector<Row> rows_;
  std::vector<char> paired_;
};

}  // namespace erlangen::khovanov
