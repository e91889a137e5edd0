// Subtraction-free elimination of a symmetric diagonally dominant M-matrix.
// Definition: A = diag(slack + W 1) - W with W >= 0; pivots are sums of slacks and remaining off-diagonal magnitudes (Alfa, Xue, Ye 2002).
// Convention: W comes permuted, as both halves of its pattern by rows (columns sorted or not); columns of the factor have sorted rows.
#pragma once

#include <cstdint>
#include <vector>

namespace erlangen {

struct Factor {
  std::int64_t n = 0;
  std::vector<std::int64_t> start;
  std::vector<std::int32_t> row;
  std::vector<double> value;
  std::vector<double> pivot;
};

// Parent of each vertex in the elimination tree, and the number of entries of each column of the factor.
void symbolic(std::int64_t n, const std::int64_t* start, const std::int32_t* index, std::vector<std::int32_t>& parent,
              std::vector<std::int64_t>& count);

// The factor; throws std::domain_error with the vertex when a pivot is not positive and finite, std::invalid_argument when
// the pattern is not symmetric.
Factor factorise(std::int64_t n, const std::int64_t* start, const std::int32_t* index, const double* weight, const double* slack);

}  // namespace erlangen
