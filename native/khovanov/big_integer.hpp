// Integers of any size, for the rare coefficient that leaves 62 bits.
// Definition: sign and magnitude, the magnitude in base 2^32 with the lowest digit first and no leading zero.
// Convention: zero has an empty magnitude and is not negative.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace erlangen::khovanov {

class BigInteger {
 public:
  bool negative = false;
  std::vector<std::uint32_t> digits;

  BigInteger() = default;
  explicit BigInteger(std::int64_t value) : negative(value < 0) {
    for (std::uint64_t m = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value); m; m >>= 32)
      digits.push_back(static_cast<std::uint32_t>(m));
  }

  bool fits(std::int64_t bound) const {  // |value| < bound
    return digits.size() <= 2 && low() < static_cast<std::uint64_t>(bound);
  }
  std::int64_t small() const { return negative ? -static_cast<std::int64_t>(low()) : static_cast<std::int64_t>(low()); }

  friend BigInteger operator+(const BigInteger& a, const BigInteger& b) {
    BigInteger sum;
    if (a.negative == b.negative) {
      sum.negative = a.negative;
      sum.digits = added(a.digits, b.digits);
      return sum;
    }
    const bool less = smaller(a.digits, b.digits);
    sum.digits = less ? subtracted(b.digits, a.digits) : subtracted(a.digits, b.digits);
    sum.negative = !sum.digits.empty() && (less ? b.negative : a.negative);
    return sum;
  }

  friend BigInteger operator*(const BigInteger& a, const BigInteger& b) {
    BigInteger product;
    if (a.digits.empty() || b.digits.empty()) return product;
    product.negative = a.negative != b.negative;
    product.digits.assign(a.digits.size() + b.digits.size(), 0);
    for (std::size_t i = 0; i < a.digits.size(); ++i) {
      std::uint64_t carry = 0;
      for (std::size_t j = 0; j < b.digits.size(); ++j) {
        carry += product.digits[i + j] + std::uint64_t{a.digits[i]} * b.digits[j];
        product.digits[i + j] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
      }
      product.digits[i + b.digits.size()] = static_cast<std::uint32_t>(carry);
    }
    trim(product.digits);
    return product;
  }

 private:
  using Digits = std::vector<std::uint32_t>;

  std::uint64_t low() const {
    return (digits.empty() ? 0u : digits[0]) | (digits.size() > 1 ? std::uint64_t{digits[1]} << 32 : 0u);
  }
  static void trim(Digits& d) {
    while (!d.empty() && d.back() == 0) d.pop_back();
  }
  static bool smaller(const Digits& a, const Digits& b) {
    if (a.size() != b.size()) return a.size() < b.size();
    return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  }
  static Digits added(const Digits& a, const Digits& b) {
    Digits sum(std::max(a.size(), b.size()) + 1);
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      carry += std::uint64_t{i < a.size() ? a[i] : 0u} + (i < b.size() ? b[i] : 0u);
      sum[i] = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    trim(sum);
    return sum;
  }
  static Digits subtracted(const Digits& a, const Digits& b) {  // a >= b
    Digits difference(a.size());
    std::int64_t borrow = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      borrow += std::int64_t{a[i]} - (i < b.size() ? std::int64_t{b[i]} : 0);
      difference[i] = static_cast<std::uint32_t>(borrow);
      borrow >>= 32;
    }
    trim(difference);
    return difference;
  }
};

}  // namespace erlangen::khovanov
