// Exact elimination of sparse integer matrices: diagonal entries over Z, ranks and graded pivots over F_p and Q.
// Definition: a pivot that divides its row and column splits off; where none does, Euclid's steps on the least entry make one.
// Convention: 64-bit integers with every operation checked; nothing is returned where one overflows, and exact Python takes over.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace erlangen {

struct Triples {
  std::span<const std::int32_t> row, column;
  std::span<const std::int64_t> value;
};

struct Divisors {
  std::vector<std::int32_t> row;  // of the pivot; it lies in the same connected block as the entry it came from
  std::vector<std::int64_t> divisor;
};

// Diagonal form over Z. Triples at one place are refused by the caller.
std::optional<Divisors> integer_divisors(const Triples& a, std::int32_t rows, std::int32_t columns);

struct GradedPivots {
  std::vector<std::int32_t> source, target;  // column and row of each pivot, exponents rising
};

// Pivots of a filtered matrix over F_p (p > 0, below 2^31) or Q (p = 0): least target_label - source_label first.
std::optional<GradedPivots> graded_pivots(const Triples& a, std::span<const std::int64_t> source_label,
                                          std::span<const std::int64_t> target_label, std::int64_t p);

}  // namespace erlangen
