// Memory of a scan: a meter with a limit, and an arena of power-of-two blocks for rows that grow.
// Definition: Arena serves blocks of 16 << k bytes from chunks, keeps freed ones in a list for each k, and returns all at reset.
// Convention: everything a scan holds for long is reported to one Meter, which throws BudgetExceeded when the limit is passed.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace erlangen::khovanov {

struct BudgetExceeded : std::runtime_error {
  std::size_t wanted, limit;
  BudgetExceeded(std::size_t w, std::size_t l)
      : std::runtime_error("the scan needs " + std::to_string(w) + " bytes, limit " + std::to_string(l)), wanted(w), limit(l) {}
};

struct GirthExceeded : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Meter {  // counts for several threads
 public:
  std::size_t limit = std::numeric_limits<std::size_t>::max();
  std::size_t now() const { return now_.load(std::memory_order_relaxed); }
  std::size_t peak() const { return peak_.load(std::memory_order_relaxed); }
  void take(std::size_t bytes) {
    const std::size_t total = now_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    if (total > limit) {
      give(bytes);
      throw BudgetExceeded(total, limit);
    }
    for (std::size_t seen = peak(); total > seen && !peak_.compare_exchange_weak(seen, total, std::memory_order_relaxed);) {
    }
  }
  void give(std::size_t bytes) noexcept {
    for (std::size_t seen = now(); !now_.compare_exchange_weak(seen, seen - std::min(bytes, seen), std::memory_order_relaxed);) {
    }
  }

 private:
  std::atomic<std::size_t> now_{0}, peak_{0};
};

class Arena {
 public:
  explicit Arena(Meter& meter) : meter_(meter) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() { drop(0); }

  static unsigned size_class(std::size_t bytes) {
    return bytes <= 16 ? 0u : 60u - static_cast<unsigned>(__builtin_clzll(bytes - 1));
  }

  void* get(unsigned k) {
    if (Free* head = free_[k]) {
      free_[k] = head->next;
      return head;
    }
    const std::size_t bytes = std::size_t{16} << k;
    if (bytes > left_) refill(bytes);
    void* block = at_;
    at_ += bytes;
    left_ -= bytes;
    return block;
  }

  void put(void* block, unsigned k) noexcept { free_[k] = new (block) Free{free_[k]}; }

  // Forget every block; keep one modest chunk for the next use.
  void reset() {
    free_.fill(nullptr);
    drop(!chunks_.empty() && chunks_.front().size <= kKept ? 1 : 0);
    at_ = chunks_.empty() ? nullptr : chunks_.front().data.get();
    left_ = chunks_.empty() ? 0 : chunks_.front().size;
  }

 private:
  struct Free {
    Free* next;
  };
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  static constexpr std::size_t kFirst = std::size_t{1} << 16, kLargest = std::size_t{1} << 20, kKept = std::size_t{1} << 18;

  void refill(std::size_t bytes) {
    for (; left_ >= 16;) {  // hand the rest of the chunk to the lists
      const unsigned k = 59u - static_cast<unsigned>(__builtin_clzll(left_));
      put(at_, k);
      at_ += std::size_t{16} << k;
      left_ -= std::size_t{16} << k;
    }
    std::size_t size = chunks_.empty() ? kFirst : std::min(kLargest, 2 * chunks_.back().size);
    if (size < bytes) size = bytes;
    meter_.take(size);
    chunks_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    at_ = chunks_.back().data.get();
    left_ = size;
  }

  void drop(std::size_t kept) noexcept {
    while (chunks_.size() > kept) {
      meter_.give(chunks_.back().size);
      chunks_.pop_back();
    }
  }

  Meter& meter_;
  std::vector<Chunk> chunks_;
  std::array<Free*, 64> free_{};
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace erlangen::khovanov
