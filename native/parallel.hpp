// A loop over chunks shared among threads.
// Definition: body(begin, end) is called for consecutive chunks of [0, n); chunks are handed out by an atomic counter.
// Convention: one thread runs in the calling thread; an exception of a worker is rethrown there; a thread the system refuses is done without.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace erlangen {

template <typename Body>
void parallel_for(std::int64_t n, std::int64_t chunk, int threads, Body&& body) {
  const std::int64_t chunks = (n + chunk - 1) / chunk;
  threads = static_cast<int>(std::clamp<std::int64_t>(threads, 1, std::max<std::int64_t>(chunks, 1)));
  std::atomic<std::int64_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  auto work = [&] {
    try {
      for (std::int64_t k = next++; k < chunks; k = next++) body(k * chunk, std::min(n, (k + 1) * chunk));
    } catch (...) {
      const std::lock_guard lock(guard);
      failure = std::current_exception();
      next = chunks;
    }
  };
  std::vector<std::thread> pool;
  pool.reserve(threads - 1);
  try {
    for (int t = 1; t < threads; ++t) pool.emplace_back(work);
  } catch (const std::system_error&) {
  }
  work();
  for (auto& thread : pool) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace erlangen
