// Bindings of exact elimination.
// Definition: integer_divisors and graded_pivots take a matrix as arrays of rows, columns and values, each place at most once.
// Convention: None is returned where 64 bits do not suffice; values over F_p are given reduced.
#include <nanobind/stl/pair.h>

#include <algorithm>
#include <utility>

#include "bindings.hpp"
#include "pivots.hpp"

namespace erlangen {
namespace {

using Places = Array<const std::int32_t, 1>;
using Numbers = Array<const std::int64_t, 1>;

template <typename T>
std::span<const T> view(const Array<const T, 1>& a) {
  return {a.data(), a.shape(0)};
}

Triples triples(const Places& row, const Places& column, const Numbers& value, std::size_t rows, std::size_t columns) {
  require(row.shape(0) == value.shape(0) && column.shape(0) == value.shape(0), "row, column and value differ in length");
  for (std::size_t e = 0; e < value.shape(0); ++e) {
    const std::int32_t i = row.data()[e], j = column.data()[e];
    if (i < 0 || static_cast<std::size_t>(i) >= rows || j < 0 || static_cast<std::size_t>(j) >= columns)
      throw std::invalid_argument("entry " + std::to_string(e) + " stands outside the matrix");
  }
  return {view(row), view(column), view(value)};
}

template <typename T>
nb::object to_numpy(std::vector<T> values) {
  auto* kept = new std::vector<T>(std::move(values));
  nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<1>>(kept->data(), {kept->size()}, owner));
}

nb::object divisors(const Places& row, const Places& column, const Numbers& value, std::int32_t rows, std::int32_t columns) {
  require(rows >= 0 && columns >= 0, "the shape is negative");
  const Triples a = triples(row, column, value, rows, columns);
  std::optional<Divisors> found;
  {
    const nb::gil_scoped_release release;
    found = integer_divisors(a, rows, columns);
  }
  if (!found) return nb::none();
  return nb::make_tuple(to_numpy(std::move(found->row)), to_numpy(std::move(found->divisor)));
}

nb::object pivots(const Places& row, const Places& column, const Numbers& value, const Numbers& source_label, const Numbers& target_label,
                  std::int64_t p) {
  require(p == 0 || (p >= 2 && p < (std::int64_t{1} << 31)), "p must be 0 or a prime below 2^31");
  const Triples a = triples(row, column, value, target_label.shape(0), source_label.shape(0));
  if (p > 0)
    require(std::all_of(a.value.begin(), a.value.end(), [p](std::int64_t x) { return 0 <= x && x < p; }), "values are not reduced mod p");
  std::optional<GradedPivots> found;
  {
    const nb::gil_scoped_release release;
    found = graded_pivots(a, view(source_label), view(target_label), p);
  }
  if (!found) return nb::none();
  return nb::make_tuple(to_numpy(std::move(found->source)), to_numpy(std::move(found->target)));
}

}  // namespace

void bind_exact(nb::module_& m) {
  using namespace nb::literals;
  m.def("integer_divisors", &divisors, "row"_a, "column"_a, "value"_a, "rows"_a, "columns"_a);
  m.def("graded_pivots", &pivots, "row"_a, "column"_a, "value"_a, "source_label"_a, "target_label"_a, "p"_a);
}

}  // namespace erlangen
