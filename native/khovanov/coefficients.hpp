// The rings of coefficients: F_2, F_p and Z.
// Definition: each ring gives Scalar, add (false when the sum is 0), mul, scale by a small integer (false when 0), units and inverses.
// Convention: a stored scalar is never 0; over F_2 it takes no room; over Z it is an int64 below 2^62 in size, else an index into a pool
//   which threads share: indices depend on who came first, values do not, and renewal numbers them anew.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "big_integer.hpp"

namespace erlangen::khovanov {

struct Parity {
  struct Scalar {};
  static constexpr bool kParity = true;
  Scalar from_int(std::int64_t) const { return {}; }
  bool add(Scalar&, Scalar) const { return false; }
  Scalar mul(Scalar, Scalar) const { return {}; }
  bool scale(Scalar&, int k) const { return k & 1; }
  bool unit(Scalar) const { return true; }
  Scalar minus_inverse(Scalar) const { return {}; }
  std::int64_t lift(Scalar) const { return 1; }
  Scalar unlift(std::int64_t) const { return {}; }
  bool valid(std::int64_t value, std::size_t) const { return value == 1; }
  std::vector<BigInteger> large() const { return {}; }
  void adopt(const std::vector<BigInteger>&) const {}
};

class PrimeField {
 public:
  using Scalar = std::uint32_t;
  static constexpr bool kParity = false;
  explicit PrimeField(std::uint32_t p) : p_(p), reciprocal_(~std::uint64_t{0} / p) {}

  Scalar from_int(std::int64_t value) const {
    const std::int64_t r = value % static_cast<std::int64_t>(p_);
    return static_cast<Scalar>(r < 0 ? r + p_ : r);
  }
  bool add(Scalar& x, Scalar y) const {
    const std::uint64_t s = std::uint64_t{x} + y;
    x = static_cast<Scalar>(s >= p_ ? s - p_ : s);
    return x != 0;
  }
  Scalar mul(Scalar x, Scalar y) const {  // Barrett: the estimated quotient is at most one too small
    const std::uint64_t z = std::uint64_t{x} * y;
    const auto quotient = static_cast<std::uint64_t>((static_cast<unsigned __int128>(z) * reciprocal_) >> 64);
    const std::uint64_t r = z - quotient * p_;
    return static_cast<Scalar>(r >= p_ ? r - p_ : r);
  }
  bool scale(Scalar& x, int k) const {
    if (k == 1) return true;
    if (k == -1) return x = p_ - x, true;
    x = mul(x, from_int(k));
    return x != 0;
  }
  bool unit(Scalar) const { return true; }
  Scalar minus_inverse(Scalar x) const {
    Scalar power = x, result = 1;
    for (std::uint32_t e = p_ - 2; e; e >>= 1, power = mul(power, power))
      if (e & 1) result = mul(result, power);
    return p_ == 2 ? 1 : p_ - result;
  }
  std::int64_t lift(Scalar x) const { return x; }
  Scalar unlift(std::int64_t value) const { return static_cast<Scalar>(value); }
  bool valid(std::int64_t value, std::size_t) const { return value > 0 && value < static_cast<std::int64_t>(p_); }
  std::vector<BigInteger> large() const { return {}; }
  void adopt(const std::vector<BigInteger>&) const {}

 private:
  std::uint32_t p_;
  std::uint64_t reciprocal_;
};

class Integers {
 public:
  using Scalar = std::int64_t;
  static constexpr bool kParity = false;
  static constexpr std::int64_t kBound = std::int64_t{1} << 62;

  Scalar from_int(std::int64_t value) { return in_range(value) ? value : store(BigInteger(value)); }
  bool add(Scalar& x, Scalar y) {
    if (brief(x, y)) [[likely]]
      return x += y, x != 0;
    return add_long(x, y);
  }
  Scalar mul(Scalar x, Scalar y) {
    if (brief(x, y)) [[likely]]
      return x * y;
    return mul_long(x, y);
  }
  bool scale(Scalar& x, int k) {
    if (k != 1) x = mul(x, k);
    return true;
  }
  std::int64_t lift(Scalar x) const { return x; }
  Scalar unlift(std::int64_t value) const { return value; }
  bool valid(std::int64_t value, std::size_t pooled) const {
    return value != 0 && value > -kBound && (value < kBound || static_cast<std::uint64_t>(value - kBound) < pooled);
  }
  const std::vector<BigInteger>& large() const { return pool_; }
  void adopt(const std::vector<BigInteger>& large) { pool_ = large; }
  bool unit(Scalar x) const { return x == 1 || x == -1; }
  Scalar minus_inverse(Scalar x) const { return -x; }
  static bool small(Scalar x) { return x < kBound; }  // inline values lie in (-2^62, 2^62)
  BigInteger value(Scalar x) const {
    if (small(x)) return BigInteger(x);
    const std::lock_guard lock(guard_.mutex);
    return pool_[static_cast<std::size_t>(x - kBound)];
  }
  std::size_t pooled() const { return pool_.size(); }

  // Keep only the large values that are still in use: call begin, then keep for each scalar alive, then end.
  void begin_renewal() { old_.swap(pool_), pool_.clear(); }
  Scalar keep(Scalar x) { return small(x) ? x : store(old_[static_cast<std::size_t>(x - kBound)]); }
  void end_renewal() { old_.clear(); }
  Scalar store(BigInteger v) {
    if (v.fits(kBound)) return v.small();
    const std::lock_guard lock(guard_.mutex);
    pool_.push_back(std::move(v));
    return kBound + static_cast<std::int64_t>(pool_.size() - 1);
  }

 private:
  struct Guard {  // a mutex that stays where it is when the ring moves
    std::mutex mutex{};
    Guard() = default;
    Guard(Guard&&) noexcept {}
    Guard& operator=(Guard&&) noexcept { return *this; }
  };
  static bool brief(Scalar x, Scalar y) {  // both in [-2^30, 2^30), as most are: sum and product are in range
    constexpr std::uint64_t half = std::uint64_t{1} << 30;
    return (((static_cast<std::uint64_t>(x) + half) | (static_cast<std::uint64_t>(y) + half)) >> 31) == 0;
  }
  [[gnu::noinline]] bool add_long(Scalar& x, Scalar y) {
    const std::int64_t s = static_cast<std::int64_t>(static_cast<std::uint64_t>(x) + static_cast<std::uint64_t>(y));
    if (small(x) && small(y) && in_range(s)) [[likely]]
      return x = s, s != 0;
    x = store(value(x) + value(y));
    return x != 0;
  }
  [[gnu::noinline]] Scalar mul_long(Scalar x, Scalar y) {
    std::int64_t z;
    if (small(x) && small(y) && !__builtin_mul_overflow(x, y, &z) && in_range(z)) [[likely]]
      return z;
    return store(value(x) * value(y));
  }
  static bool in_range(std::int64_t v) { return v > -kBound && v < kBound; }
  mutable Guard guard_;
  std::vector<BigInteger> pool_, old_;
};

}  // namespace erlangen::khovanov
