// Crossingless matchings as numbers, and the circles that two of them form.
// Definition: a matching sends each boundary point to its partner; a and b together close up to the circles of a u b.
// Convention: equal matchings get equal numbers; circles are numbered by their least point, so the circle of point 0 is circle 0.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace erlangen::khovanov {

constexpr int kMaxPoints = 32, kMaxCircles = kMaxPoints / 2;

class Matchings {
 public:
  explicit Matchings(int points = 0) { restart(points); }

  void restart(int points) {
    points_ = points;
    count_ = 0;
    partners_.clear();
    slots_.assign(64, kEmpty);
  }

  std::uint32_t intern(const std::uint8_t* partner) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = hash(partner) & mask;; at = (at + 1) & mask) {
      if (slots_[at] == kEmpty) return insert(at, partner);
      if (std::memcmp((*this)[slots_[at]], partner, static_cast<std::size_t>(points_)) == 0) return slots_[at];
    }
  }

  const std::uint8_t* operator[](std::uint32_t id) const { return partners_.data() + std::size_t{id} * static_cast<std::size_t>(points_); }
  int points() const { return points_; }
  std::uint32_t size() const { return count_; }
  std::size_t bytes() const { return partners_.capacity() + slots_.capacity() * sizeof(std::uint32_t); }

 private:
  static constexpr std::uint32_t kEmpty = ~0u;

  std::size_t hash(const std::uint8_t* partner) const {
    std::uint64_t h = 0x9e3779b97f4a7c15u;
    for (int p = 0; p < points_; ++p) h = (h ^ partner[p]) * 0x100000001b3u;
    return static_cast<std::size_t>(h ^ (h >> 29));
  }

  std::uint32_t insert(std::size_t at, const std::uint8_t* partner) {
    partners_.insert(partners_.end(), partner, partner + points_);
    slots_[at] = count_++;
    if (2 * std::size_t{count_} > slots_.size()) grow();
    return count_ - 1;
  }

  void grow() {
    slots_.assign(2 * slots_.size(), kEmpty);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t id = 0; id < count_; ++id) {
      std::size_t at = hash((*this)[id]) & mask;
      while (slots_[at] != kEmpty) at = (at + 1) & mask;
      slots_[at] = id;
    }
  }

  int points_ = 0;
  std::uint32_t count_ = 0;
  std::vector<std::uint8_t> partners_;
  std::vector<std::uint32_t> slots_;
};

struct Circles {
  std::uint64_t key;
  std::uint8_t count;
  std::uint8_t of[kMaxPoints];       // circle of each point
  std::uint8_t first[kMaxCircles];   // least point of each circle

  void trace(const std::uint8_t* a, const std::uint8_t* b, int points) {
    std::uint32_t left = points == 32 ? ~0u : (1u << points) - 1;
    count = 0;
    while (left) {
      const int start = __builtin_ctz(left);
      first[count] = static_cast<std::uint8_t>(start);
      int p = start;
      do {
        const int partner = a[p];
        of[p] = of[partner] = count;
        left &= ~((1u << p) | (1u << partner));
        p = b[partner];
      } while (p != start);
      ++count;
    }
  }
};

// A table with one place for each key: a newcomer evicts whoever holds its place, so that memory stays bounded.
template <typename Entry>
class Cache {
 public:
  void restart(std::size_t places) {
    if (places > entries_.size()) entries_ = std::vector<Entry>(places);
    for (std::size_t i = 0; i < places; ++i) entries_[i].key = kNone;
    shift_ = places > 1 ? static_cast<unsigned>(__builtin_clzll(places - 1)) : 63u;
  }
  Entry& place(std::uint64_t key) { return entries_[static_cast<std::size_t>((key * 0x9e3779b97f4a7c15u) >> shift_)]; }
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&entries_[static_cast<std::size_t>((key * 0x9e3779b97f4a7c15u) >> shift_)]); }
  std::size_t bytes() const { return entries_.size() * sizeof(Entry); }
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

 private:
  std::vector<Entry> entries_;
  unsigned shift_ = 63;
};

class CircleCache {
 public:
  void restart(const Matchings& matchings, std::size_t places) {
    matchings_ = &matchings;
    cache_.restart(places);
  }
  const Circles& operator()(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t key = std::uint64_t{a} << 32 | b;
    Circles& entry = cache_.place(key);
    if (entry.key != key) {
      entry.key = key;
      entry.trace((*matchings_)[a], (*matchings_)[b], matchings_->points());
    }
    return entry;
  }
  std::size_t bytes() const { return cache_.bytes(); }

 private:
  const Matchings* matchings_ = nullptr;
  Cache<Circles> cache_;
};

// The least point of each point's circle, and the number of circles: two words a pair of matchings to 16 points.
template <bool wide>
class Names {
 public:
  std::uint64_t key = ~std::uint64_t{0};  // (a, b, number of circles)

  int count() const { return static_cast<int>(key & 63u); }
  unsigned name(int p) const {
    if constexpr (wide) return names_[p];
    else return names_ >> 4 * p & 15;
  }
  void trace(std::uint64_t pair, const std::uint8_t* a, const std::uint8_t* b, int points) {
    std::uint32_t left = points == 32 ? ~0u : (1u << points) - 1;
    if constexpr (!wide) names_ = 0;
    std::uint64_t circles = 0;
    for (; left; ++circles) {
      const int start = __builtin_ctz(left);
      int p = start;
      do {
        const int partner = a[p];
        set(p, start), set(partner, start);
        left &= ~((1u << p) | (1u << partner));
        p = b[partner];
      } while (p != start);
    }
    key = pair << 6 | circles;
  }

 private:
  void set(int p, int value) {
    if constexpr (wide) names_[p] = static_cast<std::uint8_t>(value);
    else names_ |= static_cast<std::uint64_t>(value) << 4 * p;
  }
  std::conditional_t<wide, std::array<std::uint8_t, kMaxPoints>, std::uint64_t> names_;
};
static_assert(sizeof(Names<false>) == 16);

template <bool wide>
class NameCache {
 public:
  void restart(const Matchings& matchings, std::size_t places) {
    matchings_ = &matchings;
    cache_.restart(places);
  }
  void prefetch(std::uint32_t a, std::uint32_t b) const { cache_.prefetch(pair(a, b)); }
  const Names<wide>& operator()(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t wanted = pair(a, b);
    Names<wide>& entry = cache_.place(wanted);
    if (entry.key >> 6 != wanted) [[unlikely]] entry.trace(wanted, (*matchings_)[a], (*matchings_)[b], matchings_->points());
    return entry;
  }
  std::size_t bytes() const { return cache_.bytes(); }

 private:
  static std::uint64_t pair(std::uint32_t a, std::uint32_t b) { return std::uint64_t{a} << 21 | b; }
  const Matchings* matchings_ = nullptr;
  Cache<Names<wide>> cache_;
};

}  // namespace erlangen::khovanov
