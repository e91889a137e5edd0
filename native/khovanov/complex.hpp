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
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T* data() const { return terms_.get(); }
  T* data() { return terms_.get(); }
  T& operator[](std::size_t i) { return terms_[i]; }
  const T& operator[](std::size_t i) const { return terms_[i]; }
  void clear() { size_ = 0; }
  void push_back(const T& term) {
    if (size_ == capacity_) [[unlikely]] grow(size_ + 1);
    terms_[size_++] = term;
  }
  void resize(std::size_t size) {  // new terms have any value
    if (size > capacity_) grow(size);
    size_ = size;
  }

 private:
  [[gnu::noinline]] void grow(std::size_t least) {
    capacity_ = std::max<std::size_t>({least, 2 * capacity_, 16});
    auto larger = std::make_unique_for_overwrite<T[]>(capacity_);
    std::copy_n(terms_.get(), size_, larger.get());
    terms_ = std::move(larger);
  }
  std::unique_ptr<T[]> terms_;
  std::size_t size_ = 0, capacity_ = 0;
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

// Sort the terms from `first` on by mask and add up equal ones (all of one target).
template <typename Ring, typename Vector>
void tidy(Ring& ring, Vector& terms, std::size_t first) {
  const std::size_t n = terms.size();
  std::size_t sorted = first + 1;
  while (sorted < n && terms[sorted - 1].key() < terms[sorted].key()) ++sorted;
  if (sorted >= n) return;
  for (std::size_t i = sorted; i < n; ++i) {
    const auto term = terms[i];
    std::size_t at = i;
    for (; at > first && terms[at - 1].key() > term.key(); --at) terms[at] = terms[at - 1];
    terms[at] = term;
  }
  std::size_t out = first;
  for (std::size_t i = first; i < n;) {
    auto term = terms[i];
    bool there = true;
    for (++i; i < n && terms[i].key() == term.key(); ++i) there = there ? ring.add(term.value, terms[i].value) : (term = terms[i], true);
    if (there) terms[out++] = term;
  }
  terms.resize(out);
}

}  // namespace erlangen::khovanov
