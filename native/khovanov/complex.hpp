// The complex of a tangle between two crossings.
// Definition: one level for each homological degree; generator = (matching, q), entry = sum of terms (dot mask, scalar).
// Convention: terms of a row are sorted by (target, mask); a target is the number of a generator of the next level.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace erlangen::khovanov {

template <typename Scalar>
struct Term {
  std::uint32_t target;
  std::uint32_t mask;
  [[no_unique_address]] Scalar value;
  std::uint64_t key() const { return std::uint64_t{target} << 32 | mask; }
};

// A row in the making: a vector that grows without writing what is not there yet.
template <typename T>
class Row {
 public:
  std::size_t size() const { return static_cast<std::size_t>(end_ - terms_.get()); }
  bool empty() const { return end_ == terms_.get(); }
  const T* data() const { return terms_.get(); }
  T* data() { return terms_.get(); }
  T& operator[](std::size_t i) { return terms_[i]; }
  const T& operator[](std::size_t i) const { return terms_[i]; }
  void clear() { end_ = terms_.get(); }
  void push_back(const T& term) {
    if (end_ == limit_) [[unlikely]] grow(size() + 1);
    *end_++ = term;
  }
  void resize(std::size_t size) {  // new terms have any value
    if (size > capacity()) grow(size);
    end_ = terms_.get() + size;
  }

 private:
  std::size_t capacity() const { return static_cast<std::size_t>(limit_ - terms_.get()); }
  [[gnu::noinline]] void grow(std::size_t least) {
    const std::size_t used = size(), room = std::max<std::size_t>({least, 2 * capacity(), 16});
    auto larger = std::make_unique_for_overwrite<T[]>(room);
    std::copy_n(terms_.get(), used, larger.get());
    terms_ = std::move(larger);
    end_ = terms_.get() + used, limit_ = terms_.get() + room;
  }
  std::unique_ptr<T[]> terms_;
  T *end_ = nullptr, *limit_ = nullptr;  // pointers, which no coefficient written can change
};

template <typename Scalar>
struct Level {
  std::vector<std::uint32_t> matching;
  std::vector<std::int32_t> q;
  std::vector<std::uint64_t> start;  // start[i] .. start[i + 1]: terms of generator i
  std::vector<Term<Scalar>> terms;

  std::uint32_t size() const { return static_cast<std::uint32_t>(matching.size()); }
  std::size_t bytes() const {
    return matching.capacity() * 4 + q.capacity() * 4 + start.capacity() * 8 + terms.capacity() * sizeof(Term<Scalar>);
  }
};

// Sort the terms by key, of which those before `sorted` are, and add up equal ones; returns the end of what is left.
template <typename Ring, typename T>
T* sort_and_add(Ring& ring, T* begin, T* sorted, T* end) {
  for (T* i = sorted; i < end; ++i) {
    const T term = *i;
    T* at = i;
    for (; at > begin && at[-1].key() > term.key(); --at) *at = at[-1];
    *at = term;
  }
  T* out = begin;
  for (const T* i = begin; i < end;) {
    T term = *i;
    bool there = true;
    for (++i; i < end && i->key() == term.key(); ++i) there = there ? ring.add(term.value, i->value) : (term = *i, true);
    if (there) *out++ = term;
  }
  return out;
}

// Sort the terms from `first` on by target and mask and add up equal ones.
template <typename Ring, typename Vector>
[[gnu::always_inline]] inline void tidy(Ring& ring, Vector& terms, std::size_t first) {
  auto *const begin = terms.data() + first, *const end = terms.data() + terms.size();
  auto* sorted = begin + 1;
  while (sorted < end && sorted[-1].key() < sorted->key()) ++sorted;
  if (sorted < end) terms.resize(static_cast<std::size_t>(sort_and_add(ring, begin, sorted, end) - terms.data()));
}

}  // namespace erlangen::khovanov
