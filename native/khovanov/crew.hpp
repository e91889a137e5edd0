// The threads of one scan.
// Definition: share(chunks, body) calls body(worker, chunk) for every chunk, worker 0 being the caller; it returns when all are done.
// Convention: threads start at the first phase worth it and leave at dismiss(); one that wakes too late misses the phase and is not waited for.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace erlangen::khovanov {

// Generators of a complex, or terms of fill-in of a batch, before other threads are called.
constexpr std::size_t kGrain = 2000;

class Crew {
 public:
  explicit Crew(int threads = 1, std::size_t grain = kGrain) : threads_(static_cast<unsigned>(std::max(threads, 1))), grain_(grain) {}
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { dismiss(); }

  // All threads may work on the next phases if there is enough to do, else the caller alone.
  void employ(std::size_t work) { active_ = worth(work) ? threads_ : 1; }
  bool worth(std::size_t work) const { return work >= grain_; }
  unsigned active() const { return active_; }

  template <typename Body>
  void share(std::size_t chunks, Body&& body) {
    if (active_ == 1 || chunks < 2) {
      for (std::size_t c = 0; c < chunks; ++c) body(0u, c);
      return;
    }
    start();
    {
      const std::lock_guard lock(guard_);
      task_ = [&body](unsigned worker, std::size_t chunk) { body(worker, chunk); };
      chunks_ = chunks, next_ = 0, open_ = true;
      ++phase_;
    }
    wake_.notify_all();
    work(0);
    std::unique_lock lock(guard_);
    open_ = false;
    left_.wait(lock, [&] { return inside_ == 0; });
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

  void dismiss() noexcept {
    {
      const std::lock_guard lock(guard_);
      stop_ = true;
    }
    wake_.notify_all();
    for (auto& thread : pool_) thread.join();
    pool_.clear();
    stop_ = false, active_ = 1;
  }

 private:
  void start() {
    try {
      while (pool_.size() + 1 < active_) pool_.emplace_back([this, worker = static_cast<unsigned>(pool_.size() + 1), seen = phase_] { serve(worker, seen); });
    } catch (const std::system_error&) {  // the system refuses: fewer do
      active_ = static_cast<unsigned>(pool_.size() + 1);
    }
  }

  void serve(unsigned worker, std::uint64_t seen) {
    std::unique_lock lock(guard_);
    for (;;) {
      wake_.wait(lock, [&] { return stop_ || (open_ && phase_ != seen); });
      if (stop_) return;
      seen = phase_;
      ++inside_;
      lock.unlock();
      work(worker);
      lock.lock();
      if (--inside_ == 0) left_.notify_one();
    }
  }

  void work(unsigned worker) noexcept {
    try {
      for (std::size_t c = next_++; c < chunks_; c = next_++) task_(worker, c);
    } catch (...) {
      const std::lock_guard lock(guard_);
      if (!failure_) failure_ = std::current_exception();
      next_ = chunks_;
    }
  }

  unsigned threads_;
  std::size_t grain_;
  unsigned active_ = 1, inside_ = 0;
  std::vector<std::thread> pool_;
  std::mutex guard_;
  std::condition_variable wake_, left_;
  std::function<void(unsigned, std::size_t)> task_;
  std::atomic<std::size_t> next_{0};
  std::size_t chunks_ = 0;
  std::uint64_t phase_ = 0;
  bool open_ = false, stop_ = false;
  std::exception_ptr failure_;
};

}  // namespace erlangen::khovanov
