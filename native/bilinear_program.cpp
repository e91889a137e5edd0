// The program of a sparse bilinear product, as its kernels read it.
// Definition: terms are sorted by target; a target met for the first time is written (fresh), later ones are added to.
// Convention: what no term reaches is written as zero by the first segment.
#include "bilinear_program.hpp"

#include <algorithm>
#include <numeric>

#include "bindings.hpp"

namespace erlangen {
namespace {

void check_frame(const BilinearProgram::Indices& start, std::size_t segments, std::size_t size, const char* name) {
  const bool framed = start.size() == segments + 1 && start.front() == 0 && start.back() == static_cast<std::int32_t>(size) &&
                      std::is_sorted(start.begin(), start.end());
  if (!framed) throw std::invalid_argument(std::string(name) + "_start does not frame the segments");
}

void check_range(const BilinearProgram::Indices& index, std::int64_t low, std::int64_t high, const char* name, std::size_t from = 0,
                 std::size_t to = SIZE_MAX) {
  for (std::size_t p = from; p < std::min(to, index.size()); ++p)
    if (index[p] < low || index[p] >= high)
      throw std::invalid_argument(std::string(name) + "[" + std::to_string(p) + "] = " + std::to_string(index[p]) + " is out of range");
}

}  // namespace

SumTable<double> BilinearProgram::Table::in_double() const {
  return {static_cast<int>(length.size()), length.data(), count.data(), fresh.data(), target.data(), source.data(), value.data()};
}

SumTable<float> BilinearProgram::Table::in_float() const {
  return {static_cast<int>(length.size()), length.data(), count.data(), fresh.data(), target.data(), source.data(), rounded.data()};
}

PairTable BilinearProgram::Table::pairs() const {
  return {static_cast<int>(length.size()), length.data(), count.data(), fresh.data(), target.data(), source.data(), other.data()};
}

// Rows by target; `also` names targets that are to be written even without a term.
BilinearProgram::Table BilinearProgram::gathered(std::vector<Term> terms, std::vector<char>* written, const Indices& also) {
  std::stable_sort(terms.begin(), terms.end(), [](const Term& l, const Term& r) { return l.target < r.target; });
  struct Row {
    std::size_t begin, end;
    std::int32_t target;
    bool fresh;
  };
  std::vector<Row> rows;
  for (std::size_t p = 0; p < terms.size();) {
    std::size_t q = p;
    while (q < terms.size() && terms[q].target == terms[p].target) ++q;
    rows.push_back({p, q, terms[p].target, !written || !(*written)[terms[p].target]});
    if (written) (*written)[terms[p].target] = 1;
    p = q;
  }
  for (const std::int32_t target : also) rows.push_back({0, 0, target, true});
  std::stable_sort(rows.begin(), rows.end(), [](const Row& l, const Row& r) {
    const std::size_t left = l.end - l.begin, right = r.end - r.begin;
    return l.fresh != r.fresh ? l.fresh > r.fresh : left < right;
  });
  Table table;
  for (std::size_t p = 0; p < rows.size(); ++p) {
    const auto& row = rows[p];
    const auto n = static_cast<std::int32_t>(row.end - row.begin);
    if (table.length.empty() || table.length.back() != n || table.fresh.back() != static_cast<std::int32_t>(row.fresh)) {
      table.length.push_back(n);
      table.fresh.push_back(row.fresh);
      table.count.push_back(0);
    }
    ++table.count.back();
    table.target.push_back(row.target);
    for (std::size_t t = row.begin; t < row.end; ++t) {
      table.source.push_back(terms[t].source);
      table.other.push_back(terms[t].other);
      table.value.push_back(terms[t].value);
      table.rounded.push_back(static_cast<float>(terms[t].value));
    }
  }
  return table;
}

BilinearProgram::BilinearProgram(std::int64_t d1, std::int64_t d2, std::int64_t d3, const Indices& product_start, const Indices& i,
                                 const Indices& j, const Indices& butterfly_start, const Indices& a, const Indices& b,
                                 const Indices& term_start, const Indices& slot, const Indices& k, const std::vector<double>& value)
    : d1_(d1), d2_(d2), d3_(d3) {
  require(d1 >= 0 && d2 >= 0 && d3 >= 0, "a dimension is negative");
  require(product_start.size() >= 2, "there are no segments");
  require(i.size() == j.size() && a.size() == b.size() && slot.size() == k.size() && slot.size() == value.size(), "lists differ in length");
  const std::size_t count = product_start.size() - 1;
  check_frame(product_start, count, i.size(), "product");
  check_frame(butterfly_start, count, a.size(), "butterfly");
  check_frame(term_start, count, slot.size(), "term");
  check_range(i, 0, d1, "i");
  check_range(j, 0, d2, "j");
  check_range(k, 0, d3, "k");
  for (std::size_t s = 0; s < count; ++s) {
    check_range(a, product_start[s], product_start[s + 1], "a", butterfly_start[s], butterfly_start[s + 1]);
    check_range(b, product_start[s], product_start[s + 1], "b", butterfly_start[s], butterfly_start[s + 1]);
    check_range(slot, product_start[s], product_start[s + 1], "slot", term_start[s], term_start[s + 1]);
  }
  const auto unreached = [](std::int64_t d, const Indices& index) {
    std::vector<char> met(d, 0);
    for (const std::int32_t p : index) met[p] = 1;
    Indices out;
    for (std::int64_t p = 0; p < d; ++p)
      if (!met[p]) out.push_back(static_cast<std::int32_t>(p));
    return out;
  };
  const Indices no_z = unreached(d3, k), no_x = unreached(d1, i), no_y = unreached(d2, j), none;
  std::vector<char> wrote_z(d3, 0), wrote_x(d1, 0), wrote_y(d2, 0);
  segments_.reserve(count);
  for (std::size_t s = 0; s < count; ++s) {
    const std::int32_t base = product_start[s], products = product_start[s + 1] - base;
    Segment segment;
    segment.i.assign(i.begin() + base, i.begin() + base + products);
    segment.j.assign(j.begin() + base, j.begin() + base + products);
    for (std::int32_t p = butterfly_start[s]; p < butterfly_start[s + 1]; ++p) {
      segment.a.push_back(a[p] - base);
      segment.b.push_back(b[p] - base);
    }
    std::vector<Term> forward, adjoint, left, right;
    std::vector<char> used(products, 0);
    for (std::int32_t p = term_start[s]; p < term_start[s + 1]; ++p) {
      forward.push_back({k[p], slot[p] - base, 0, value[p]});
      adjoint.push_back({slot[p] - base, k[p], 0, value[p]});
      used[slot[p] - base] = 1;
    }
    Indices unused;
    for (std::int32_t q = 0; q < products; ++q) {
      if (!used[q]) unused.push_back(q);
      left.push_back({segment.i[q], q, segment.j[q], 1.0});
      right.push_back({segment.j[q], q, segment.i[q], 1.0});
    }
    segment.outputs = gathered(forward, &wrote_z, s ? none : no_z);
    segment.adjoints = gathered(adjoint, nullptr, unused);
    segment.to_x = gathered(left, &wrote_x, s ? none : no_x);
    segment.to_y = gathered(right, &wrote_y, s ? none : no_y);
    slots_ = std::max<std::int64_t>(slots_, products);
    work_ += products + static_cast<std::int64_t>(forward.size());
    segments_.push_back(std::move(segment));
  }
  for (const Segment& s : segments_) {
    const int products = static_cast<int>(s.i.size()), butterflies = static_cast<int>(s.a.size());
    double_views_.push_back({products, butterflies, s.i.data(), s.j.data(), s.a.data(), s.b.data(), s.outputs.in_double(),
                             s.adjoints.in_double(), s.to_x.pairs(), s.to_y.pairs()});
    float_views_.push_back({products, butterflies, s.i.data(), s.j.data(), s.a.data(), s.b.data(), s.outputs.in_float(),
                            s.adjoints.in_float(), s.to_x.pairs(), s.to_y.pairs()});
  }
}

}  // namespace erlangen
