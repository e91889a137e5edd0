// The program of a sparse bilinear product, as its kernels read it.
// Definition: per segment the products, the butterflies, and the tables of sums both ways; see tensor_products.hpp.
// Convention: rows of a table are ordered by whether they are fresh and by their number of terms, so that the kernels' loops seldom turn.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor_products.hpp"

namespace erlangen {

struct Term {
  std::int32_t target, source, other;
  double value;
};

class BilinearProgram {
 public:
  using Indices = std::vector<std::int32_t>;

  // Slots are numbered through all segments; *_start frames the entries of each segment.
  BilinearProgram(std::int64_t d1, std::int64_t d2, std::int64_t d3, const Indices& product_start, const Indices& i, const Indices& j,
                  const Indices& butterfly_start, const Indices& a, const Indices& b, const Indices& term_start, const Indices& slot,
                  const Indices& k, const std::vector<double>& value);

  std::int64_t d1() const { return d1_; }
  std::int64_t d2() const { return d2_; }
  std::int64_t d3() const { return d3_; }
  std::int64_t work() const { return work_; }  // multiplications of one lane, forward

  template <typename T>
  ProgramView<T> view() const {
    if constexpr (sizeof(T) == sizeof(float))
      return {d1_, d2_, d3_, slots_, static_cast<int>(float_views_.size()), float_views_.data()};
    else
      return {d1_, d2_, d3_, slots_, static_cast<int>(double_views_.size()), double_views_.data()};
  }

 private:
  struct Table {
    Indices length, count, fresh, target, source, other;
    std::vector<double> value;
    std::vector<float> rounded;
    SumTable<double> in_double() const;
    SumTable<float> in_float() const;
    PairTable pairs() const;
  };
  struct Segment {
    Indices i, j, a, b;
    Table outputs, adjoints, to_x, to_y;
  };

  static Table gathered(std::vector<Term> terms, std::vector<char>* written, const Indices& also);

  std::int64_t d1_, d2_, d3_, slots_ = 0, work_ = 0;
  std::vector<Segment> segments_;
  std::vector<SegmentView<double>> double_views_;
  std::vector<SegmentView<float>> float_views_;
};

}  // namespace erlangen
