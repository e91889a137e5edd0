// Exact elimination on sorted sparse vectors.
// Definition: vectors are rows (over Z) or columns (graded); the shortest vector goes first, in it the entry whose cross vectors are fewest.
// Convention: lists of cross vectors are lazy: they may name vectors that have lost the entry, which a search then shows.
#include "pivots.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <queue>
#include <utility>

namespace erlangen {
namespace {

struct Overflow {};

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t out;
  if (__builtin_mul_overflow(a, b, &out)) throw Overflow{};
  return out;
}

std::int64_t minus(std::int64_t a, std::int64_t b) {
  std::int64_t out;
  if (__builtin_sub_overflow(a, b, &out)) throw Overflow{};
  return out;
}

std::int64_t magnitude(std::int64_t a) {
  if (a == INT64_MIN) throw Overflow{};
  return a < 0 ? -a : a;
}

// b / a, where INT64_MIN / -1 would trap.
std::int64_t quotient(std::int64_t b, std::int64_t a) { return a == -1 ? minus(0, b) : b / a; }

struct Entry {
  std::int32_t index;
  std::int64_t value;
};
using Vector = std::vector<Entry>;

const Entry* find(const Vector& v, std::int32_t index) {
  const auto place = std::lower_bound(v.begin(), v.end(), index, [](const Entry& e, std::int32_t i) { return e.index < i; });
  return place != v.end() && place->index == index ? &*place : nullptr;
}

// Sparse vectors with counts and lazy lists of the vectors that meet each index.
class Sparse {
 public:
  Sparse(std::span<const std::int32_t> major, std::span<const std::int32_t> minor, std::span<const std::int64_t> value, std::int32_t n,
         std::int32_t width)
      : vectors(n), meets(width), count(width, 0) {
    for (std::size_t e = 0; e < value.size(); ++e)
      if (value[e] != 0) vectors[major[e]].push_back({minor[e], value[e]});
    for (std::int32_t i = 0; i < n; ++i) {
      std::sort(vectors[i].begin(), vectors[i].end(), [](const Entry& a, const Entry& b) { return a.index < b.index; });
      for (const Entry& e : vectors[i]) {
        meets[e.index].push_back(i);
        ++count[e.index];
      }
    }
  }

  // Replace vector r by scale * r - factor * pivot, reduced mod p where p > 0.
  void combine(std::int32_t r, std::int64_t scale, std::int64_t factor, const Vector& pivot, std::int64_t p) {
    const Vector& old = vectors[r];
    fresh_.clear();
    auto a = old.begin();
    auto b = pivot.begin();
    while (a != old.end() || b != pivot.end()) {
      if (b == pivot.end() || (a != old.end() && a->index < b->index)) {
        fresh_.push_back({a->index, reduced(times(scale, a->value), p)});
        ++a;
      } else if (a == old.end() || b->index < a->index) {
        fresh_.push_back({b->index, reduced(minus(0, times(factor, b->value)), p)});
        meets[b->index].push_back(r);
        ++count[b->index];
        ++b;
      } else {
        const std::int64_t value = reduced(minus(times(scale, a->value), times(factor, b->value)), p);
        if (value != 0)
          fresh_.push_back({a->index, value});
        else
          --count[a->index];
        ++a, ++b;
      }
    }
    vectors[r].assign(fresh_.begin(), fresh_.end());
  }

  // Take a vector out.
  Vector take(std::int32_t i) {
    Vector out = std::move(vectors[i]);
    vectors[i].clear();
    for (const Entry& e : out) --count[e.index];
    return out;
  }

  // Vectors that truly meet an index, each once.
  std::vector<std::int32_t> meeting(std::int32_t index) {
    auto& list = meets[index];
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    std::erase_if(list, [&](std::int32_t i) { return find(vectors[i], index) == nullptr; });
    return list;
  }

  std::vector<Vector> vectors;
  std::vector<std::vector<std::int32_t>> meets;
  std::vector<std::int32_t> count;

 private:
  static std::int64_t reduced(std::int64_t value, std::int64_t p) {
    if (p == 0) return value;
    value %= p;
    return value < 0 ? value + p : value;
  }

  Vector fresh_;
};

using Queue = std::priority_queue<std::pair<std::size_t, std::int32_t>, std::vector<std::pair<std::size_t, std::int32_t>>, std::greater<>>;

class IntegerElimination {
 public:
  IntegerElimination(const Triples& a, std::int32_t rows, std::int32_t columns) : work_(a.row, a.column, a.value, rows, columns) {}

  Divisors run() {
    do {
      split_all();
    } while (euclid());
    return std::move(found_);
  }

 private:
  // The column of the row's pivot that divides row and column and meets fewest rows, or -1.
  std::int32_t pivot_in(const Vector& row) {
    std::int64_t least = 0;
    for (const Entry& e : row) least = std::gcd(least, magnitude(e.value));
    std::int32_t best = -1;
    for (const Entry& e : row)
      if (magnitude(e.value) == least && (best < 0 || work_.count[e.index] < work_.count[best]) &&
          (least == 1 || divides_column(e.value, e.index)))
        best = e.index;
    return best;
  }

  bool divides_column(std::int64_t value, std::int32_t column) {
    for (const std::int32_t r : work_.meets[column])
      if (const Entry* e = find(work_.vectors[r], column); e && e->value % value != 0) return false;
    return true;
  }

  void split(std::int32_t i, std::int32_t j, Queue& queue) {
    const Vector pivot = work_.take(i);
    const std::int64_t a = find(pivot, j)->value;
    for (const std::int32_t r : work_.meeting(j)) {
      work_.combine(r, 1, quotient(find(work_.vectors[r], j)->value, a), pivot, 0);
      if (!work_.vectors[r].empty()) queue.emplace(work_.vectors[r].size(), r);
    }
    found_.row.push_back(i);
    found_.divisor.push_back(magnitude(a));
  }

  void split_all() {
    bool progress = true;
    while (progress) {
      progress = false;
      Queue queue;
      for (std::size_t i = 0; i < work_.vectors.size(); ++i)
        if (!work_.vectors[i].empty()) queue.emplace(work_.vectors[i].size(), static_cast<std::int32_t>(i));
      while (!queue.empty()) {
        const auto [length, i] = queue.top();
        queue.pop();
        if (work_.vectors[i].size() != length || length == 0) continue;
        const std::int32_t j = pivot_in(work_.vectors[i]);
        if (j < 0) continue;
        progress = true;
        split(i, j, queue);
      }
    }
  }

  // Reduce column and row of the least entry to remainders; false where the matrix is empty.
  bool euclid() {
    std::int32_t i = -1, j = -1;
    std::int64_t a = 0;
    for (std::size_t r = 0; r < work_.vectors.size(); ++r)
      for (const Entry& e : work_.vectors[r])
        if (i < 0 || magnitude(e.value) < magnitude(a)) i = static_cast<std::int32_t>(r), j = e.index, a = e.value;
    if (i < 0) return false;
    bool clear = true;
    const Vector pivot = work_.vectors[i];
    for (const std::int32_t r : work_.meeting(j)) {
      if (r == i) continue;
      const std::int64_t b = find(work_.vectors[r], j)->value;
      clear = clear && b % a == 0;
      if (b / a != 0) work_.combine(r, 1, b / a, pivot, 0);
    }
    if (!clear) return true;
    Vector& row = work_.vectors[i];  // alone in column j now: subtracting that column from others changes this row only
    bool divides = true;
    for (Entry& e : row) {
      if (e.index == j) continue;
      e.value %= a;
      divides = divides && e.value == 0;
      if (e.value == 0) --work_.count[e.index];
    }
    std::erase_if(row, [](const Entry& e) { return e.value == 0; });
    return true;
  }

  Sparse work_;
  Divisors found_;
};

std::int64_t power(std::int64_t base, std::int64_t exponent, std::int64_t p) {
  std::int64_t out = 1;
  for (base %= p; exponent > 0; exponent >>= 1, base = base * base % p)
    if (exponent & 1) out = out * base % p;
  return out;
}

class GradedElimination {
 public:
  GradedElimination(const Triples& a, std::span<const std::int64_t> source, std::span<const std::int64_t> target, std::int64_t p)
      : work_(a.column, a.row, a.value, static_cast<std::int32_t>(source.size()), static_cast<std::int32_t>(target.size())),
        source_(source),
        target_(target),
        p_(p) {
    for (std::size_t e = 0; e < a.value.size(); ++e)
      if (a.value[e] != 0) levels_[target[a.row[e]] - source[a.column[e]]];
  }

  GradedPivots run() {
    for (auto level = levels_.begin(); level != levels_.end(); ++level) finish(level->first);
    return std::move(found_);
  }

 private:
  // The row of the entry of this exponent that meets fewest columns, or -1.
  std::int32_t pivot_in(std::int32_t j, std::int64_t exponent) const {
    std::int32_t best = -1;
    for (const Entry& e : work_.vectors[j])
      if (target_[e.index] - source_[j] == exponent && (best < 0 || work_.count[e.index] < work_.count[best])) best = e.index;
    return best;
  }

  void finish(std::int64_t exponent) {
    Queue queue;
    for (std::size_t j = 0; j < work_.vectors.size(); ++j)
      if (!work_.vectors[j].empty()) queue.emplace(work_.vectors[j].size(), static_cast<std::int32_t>(j));
    while (!queue.empty()) {
      const auto [length, j] = queue.top();
      queue.pop();
      if (work_.vectors[j].size() != length || length == 0) continue;
      const std::int32_t i = pivot_in(j, exponent);
      if (i < 0) continue;
      const Vector pivot = work_.take(j);
      const std::int64_t a = find(pivot, i)->value;
      const std::int64_t inverse = p_ ? power(a, p_ - 2, p_) : 0;
      for (const std::int32_t k : work_.meeting(i)) {
        cancel(k, i, pivot, a, inverse);
        for (const Entry& e : work_.vectors[k]) levels_[target_[e.index] - source_[k]];
        if (!work_.vectors[k].empty()) queue.emplace(work_.vectors[k].size(), k);
      }
      found_.source.push_back(j);
      found_.target.push_back(i);
    }
  }

  void cancel(std::int32_t k, std::int32_t i, const Vector& pivot, std::int64_t a, std::int64_t inverse) {
    const std::int64_t b = find(work_.vectors[k], i)->value;
    if (p_) {
      work_.combine(k, 1, b * inverse % p_, pivot, p_);
      return;
    }
    const std::int64_t g = std::gcd(magnitude(a), magnitude(b));
    work_.combine(k, a / g, b / g, pivot, 0);
    std::int64_t content = 0;
    for (const Entry& e : work_.vectors[k]) content = std::gcd(content, magnitude(e.value));
    if (content > 1)
      for (Entry& e : work_.vectors[k]) e.value /= content;
  }

  Sparse work_;
  std::span<const std::int64_t> source_, target_;
  std::int64_t p_;
  std::map<std::int64_t, bool> levels_;  // exponents that occur, in order; grows while it is walked, never behind the walker
  GradedPivots found_;
};

}  // namespace

std::optional<Divisors> integer_divisors(const Triples& a, std::int32_t rows, std::int32_t columns) {
  try {
    return IntegerElimination(a, rows, columns).run();
  } catch (const Overflow&) {
    return std::nullopt;
  }
}

std::optional<GradedPivots> graded_pivots(const Triples& a, std::span<const std::int64_t> source_label,
                                          std::span<const std::int64_t> target_label, std::int64_t p) {
  try {
    return GradedElimination(a, source_label, target_label, p).run();
  } catch (const Overflow&) {
    return std::nullopt;
  }
}

}  // namespace erlangen
