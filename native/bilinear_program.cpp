// The program of a sparse bilinear product, as its kernels read it.
// Definition: terms are sorted by target; a target met for the first time is written (fresh), later ones are added to.
// Convention: what no term reaches is written as zero by the first segment.
#include "bilinear_program.hpp"

#include <algorithm>
#include <map>
#include <tuple>

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

template <typename T>
SumTable<T> BilinearProgram::Sums::table() const {
  const T* numbers;
  if constexpr (sizeof(T) == sizeof(float))
    numbers = rounded.data();
  else
    numbers = value.data();
  return {static_cast<int>(width.size()), width.data(), count.data(), fresh.data(), length.data(), target.data(), source.data(), numbers};
}

PairTable BilinearProgram::Pairs::table() const {
  return {static_cast<int>(length.size()), length.data(), count.data(), fresh.data(), target.data(), left.data(), right.data()};
}

// Terms by target; `also` names targets that are to be written even without a term.
std::vector<BilinearProgram::Row> BilinearProgram::rows(std::vector<Term> terms, std::vector<char>* written, const Indices& also) {
  std::stable_sort(terms.begin(), terms.end(), [](const Term& l, const Term& r) { return l.target < r.target; });
  std::vector<Row> found;
  for (const Term& term : terms) {
    if (found.empty() || found.back().target != term.target) {
      found.push_back({term.target, !written || !(*written)[term.target], {}});
      if (written) (*written)[term.target] = 1;
    }
    found.back().terms.push_back(term);
  }
  for (const std::int32_t target : also) found.push_back({target, true, {}});
  return found;
}

// Rows over the same sources in blocks of up to three.
BilinearProgram::Sums BilinearProgram::sums(std::vector<Row> rows) {
  std::map<std::tuple<bool, std::vector<std::int32_t>>, std::vector<const Row*>> alike;
  for (Row& row : rows) {
    std::sort(row.terms.begin(), row.terms.end(), [](const Term& l, const Term& r) { return l.source < r.source; });
    std::vector<std::int32_t> sources;
    for (const Term& term : row.terms) sources.push_back(term.source);
    alike[{!row.fresh, sources}].push_back(&row);
  }
  std::vector<std::vector<const Row*>> blocks;
  for (const auto& [key, members] : alike)
    for (std::size_t at = 0, left = members.size(); left; left = members.size() - at) {
      const std::size_t take = left == 4 ? 2 : std::min<std::size_t>(left, 3);
      blocks.emplace_back(members.begin() + static_cast<std::ptrdiff_t>(at), members.begin() + static_cast<std::ptrdiff_t>(at + take));
      at += take;
    }
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& l, const auto& r) {
    return std::make_tuple(!l[0]->fresh, l.size(), l[0]->terms.size()) < std::make_tuple(!r[0]->fresh, r.size(), r[0]->terms.size());
  });
  Sums table;
  for (const auto& block : blocks) {
    const auto width = static_cast<std::int32_t>(block.size());
    const auto fresh = static_cast<std::int32_t>(block[0]->fresh);
    if (table.width.empty() || table.width.back() != width || table.fresh.back() != fresh) {
      table.width.push_back(width);
      table.fresh.push_back(fresh);
      table.count.push_back(0);
    }
    ++table.count.back();
    table.length.push_back(static_cast<std::int32_t>(block[0]->terms.size()));
    for (const Row* row : block) table.target.push_back(row->target);
    for (std::size_t t = 0; t < block[0]->terms.size(); ++t) {
      table.source.push_back(block[0]->terms[t].source);
      for (const Row* row : block) {
        table.value.push_back(row->terms[t].value);
        table.rounded.push_back(static_cast<float>(row->terms[t].value));
      }
    }
  }
  return table;
}

BilinearProgram::Pairs BilinearProgram::pairs(std::vector<Row> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& l, const Row& r) {
    return std::make_tuple(!l.fresh, l.terms.size()) < std::make_tuple(!r.fresh, r.terms.size());
  });
  Pairs table;
  for (const Row& row : rows) {
    const auto n = static_cast<std::int32_t>(row.terms.size());
    const auto fresh = static_cast<std::int32_t>(row.fresh);
    if (table.length.empty() || table.length.back() != n || table.fresh.back() != fresh) {
      table.length.push_back(n);
      table.fresh.push_back(fresh);
      table.count.push_back(0);
    }
    ++table.count.back();
    table.target.push_back(row.target);
    for (const Term& term : row.terms) {
      table.left.push_back(term.source);
      table.right.push_back(term.other);
    }
  }
  return table;
}

// Outputs that are a single product, met nowhere else, of the last slots: taken out of the sums.
void BilinearProgram::take_direct(Segment& segment, std::vector<Row>& outputs, const std::vector<std::int32_t>& uses) {
  const auto products = static_cast<std::int32_t>(segment.i.size());
  std::vector<const Row*> alone(products, nullptr);
  for (const Row& row : outputs)
    if (row.fresh && row.terms.size() == 1 && uses[row.terms[0].source] == 1) alone[row.terms[0].source] = &row;
  std::int32_t first = products;
  while (first > 4 * segment.quads && alone[first - 1]) --first;
  for (std::int32_t q = first; q < products; ++q) {
    segment.direct_k.push_back(alone[q]->target);
    segment.direct_value.push_back(alone[q]->terms[0].value);
    segment.direct_rounded.push_back(static_cast<float>(alone[q]->terms[0].value));
  }
  segment.direct = products - first;
  std::erase_if(outputs, [&](const Row& row) { return row.terms.size() == 1 && row.terms[0].source >= first; });
}

template <typename T>
SegmentView<T> BilinearProgram::seen(const Segment& s) {
  const T* direct;
  if constexpr (sizeof(T) == sizeof(float))
    direct = s.direct_rounded.data();
  else
    direct = s.direct_value.data();
  return {s.quads,
          static_cast<int>(s.i.size()),
          s.direct,
          static_cast<int>(s.a.size()),
          s.i.data(),
          s.j.data(),
          s.a.data(),
          s.b.data(),
          s.direct_k.data(),
          direct,
          s.outputs.template table<T>(),
          s.adjoints.template table<T>(),
          s.to_x.table(),
          s.to_y.table()};
}

BilinearProgram::BilinearProgram(std::int64_t d1, std::int64_t d2, std::int64_t d3, const Indices& product_start, const Indices& quads,
                                 const Indices& i, const Indices& j, const Indices& butterfly_start, const Indices& a, const Indices& b,
                                 const Indices& term_start, const Indices& slot, const Indices& k, const std::vector<double>& value)
    : d1_(d1), d2_(d2), d3_(d3) {
  require(d1 >= 0 && d2 >= 0 && d3 >= 0, "a dimension is negative");
  require(product_start.size() >= 2, "there are no segments");
  require(i.size() == j.size() && a.size() == b.size() && slot.size() == k.size() && slot.size() == value.size(), "lists differ in length");
  const std::size_t count = product_start.size() - 1;
  check_frame(product_start, count, i.size(), "product");
  check_frame(butterfly_start, count, a.size(), "butterfly");
  check_frame(term_start, count, slot.size(), "term");
  require(quads.size() == count, "quads and segments differ in number");
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
    require(quads[s] >= 0 && 4 * quads[s] <= products, "there are more quads than products");
    Segment segment;
    segment.quads = quads[s];
    segment.i.assign(i.begin() + base, i.begin() + base + products);
    segment.j.assign(j.begin() + base, j.begin() + base + products);
    for (std::int32_t p = butterfly_start[s]; p < butterfly_start[s + 1]; ++p) {
      segment.a.push_back(a[p] - base);
      segment.b.push_back(b[p] - base);
    }
    for (std::int32_t q = 0; q < 4 * quads[s]; q += 4) {
      const auto [i0, i1, j0, j1] = std::tuple{segment.i[q], segment.i[q + 1], segment.j[q], segment.j[q + 1]};
      require(segment.i[q + 2] == i0 && segment.j[q + 2] == j1 && segment.i[q + 3] == i1 && segment.j[q + 3] == j0, "a quad is none");
    }
    std::vector<Term> forward, adjoint, left, right;
    std::vector<std::int32_t> uses(products, 0);
    for (std::int32_t p = term_start[s]; p < term_start[s + 1]; ++p) {
      forward.push_back({k[p], slot[p] - base, 0, value[p]});
      adjoint.push_back({slot[p] - base, k[p], 0, value[p]});
      ++uses[slot[p] - base];
    }
    Indices unused;
    for (std::int32_t q = 0; q < products; ++q) {
      if (!uses[q]) unused.push_back(q);
      left.push_back({segment.i[q], q, segment.j[q], 1.0});
      right.push_back({segment.j[q], q, segment.i[q], 1.0});
    }
    for (const auto* list : {&segment.a, &segment.b})
      for (const std::int32_t q : *list) uses[q] = 2;  // seen by another slot, too
    std::vector<Row> outputs = rows(forward, &wrote_z, s ? none : no_z);
    take_direct(segment, outputs, uses);
    segment.outputs = sums(std::move(outputs));
    segment.adjoints = sums(rows(adjoint, nullptr, unused));
    segment.to_x = pairs(rows(left, &wrote_x, s ? none : no_x));
    segment.to_y = pairs(rows(right, &wrote_y, s ? none : no_y));
    slots_ = std::max<std::int64_t>(slots_, products);
    work_ += products + static_cast<std::int64_t>(forward.size());
    segments_.push_back(std::move(segment));
  }
  for (const Segment& s : segments_) {
    double_views_.push_back(seen<double>(s));
    float_views_.push_back(seen<float>(s));
  }
}

}  // namespace erlangen
