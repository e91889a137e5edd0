// The program of a sparse bilinear product, as its kernels read it.
// Definition: per segment the products, the butterflies, and the tables of sums both ways; see tensor_products.hpp.
// Convention: rows of a table are ordered by whether they are fresh and by their number of terms, so that branches are foreseen.
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

  // Slots are numbered through all segments; *_start frames the entries of each segment, `quads` counts its first slots by fours.
  BilinearProgram(std::int64_t d1, std::int64_t d2, std::int64_t d3, const Indices& product_start, const Indices& quads, const Indices& i,
                  const Indices& j,
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
  struct Sums {
    Indices width, count, fresh, length, target, source;
    std::vector<double> value;
    std::vector<float> rounded;
    template <typename T>
    SumTable<T> table() const;
  };
  struct Pairs {
    Indices length, count, fresh, target, left, right;
    PairTable table() const;
  };
  struct Segment {
    int quads = 0, direct = 0;
    Indices i, j, a, b, direct_k;
    std::vector<double> direct_value;
    std::vector<float> direct_rounded;
    Sums outputs, adjoints;
    Pairs to_x, to_y;
  };
  struct Row {
    std::int32_t target;
    bool fresh;
    std::vector<Term> terms;
  };

  static std::vector<Row> rows(std::vector<Term> terms, std::vector<char>* written, const Indices& also);
  static Sums sums(std::vector<Row> rows);
  static Pairs pairs(std::vector<Row> rows);
  static void take_direct(Segment& segment, std::vector<Row>& outputs, const std::vector<std::int32_t>& uses);
  template <typename T>
  static SegmentView<T> seen(const Segment& s);

  std::int64_t d1_, d2_, d3_, slots_ = 0, work_ = 0;
  std::vector<Segment> segments_;
  std::vector<SegmentView<double>> double_views_;
  std::vector<SegmentView<float>> float_views_;
};

}  // namespace erlangen
