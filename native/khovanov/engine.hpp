// The scan behind one interface, whatever the ring.
// Definition: an Engine owns crossings in the order of the scan and joins one at each advance; a Snapshot is its state between two.
// Convention: integer coefficients beyond 62 bits are indices (value - 2^62) into the list `large`.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "big_integer.hpp"
#include "crew.hpp"
#include "tangle.hpp"

namespace erlangen::khovanov {

struct Snapshot {
  std::vector<std::int64_t> head;  // crossings done, h of the first level, then the tallies
  std::vector<std::int32_t> edges;
  std::vector<std::uint8_t> partners;
  std::vector<std::uint32_t> level_size, matching, row_size, target, mask;
  std::vector<std::int32_t> q;
  std::vector<std::int64_t> value;
  std::vector<BigInteger> large;
};

struct Finished {  // the complex of one arc; dotted entries carry X
  std::vector<std::int32_t> h, q, source, target;
  std::vector<std::uint8_t> dotted;
  std::vector<std::int64_t> coefficient;
  std::vector<BigInteger> large;
};

struct Sizes {
  std::uint64_t done, girth, generators, terms, most_generators, most_terms, compositions, pivots, bytes, peak_bytes;
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual void advance(const std::function<void()>& poll) = 0;
  virtual bool finished() const = 0;
  virtual bool closed() = 0;
  virtual Sizes sizes() const = 0;
  virtual Finished result() = 0;
  virtual Snapshot snapshot() const = 0;
  virtual void restore(const Snapshot& snapshot) = 0;
};

struct Task {
  std::vector<Crossing> crossings;  // in the order of the scan; the two ends of the cut edge have labels >= cut
  std::int32_t cut = 0;
  bool deformed = false, killed = false;
  std::size_t most_bytes = 0;  // 0: no limit
  int threads = 1;
  std::size_t grain = kGrain;
  std::vector<std::uint8_t> parity;  // of each crossing, for the odd theory; empty for the even one
};

// Characteristic 0 (the integers), 2, or another prime below 2^31.
std::unique_ptr<Engine> integer_engine(Task task);
std::unique_ptr<Engine> parity_engine(Task task);
std::unique_ptr<Engine> prime_engine(Task task, std::uint32_t p);

}  // namespace erlangen::khovanov
