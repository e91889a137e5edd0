// What the binding files offer to the module.
// Definition: each function adds the Python names of one kernel family.
// Convention: arguments are checked here (shape, type, index range) and refused with ValueError.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace erlangen {

namespace nb = nanobind;

template <typename T, int axes>
using Array = nb::ndarray<T, nb::ndim<axes>, nb::c_contig, nb::device::cpu>;

// Refuse a compressed-row structure whose pointers or indices leave their ranges.
inline void check_rows(const Array<const std::int64_t, 1>& start, const Array<const std::int32_t, 1>& index, std::int64_t columns) {
  const std::int64_t n = static_cast<std::int64_t>(start.shape(0)) - 1, size = static_cast<std::int64_t>(index.shape(0));
  if (n < 0 || start.data()[0] != 0 || start.data()[n] != size) throw std::invalid_argument("indptr does not frame the indices");
  for (std::int64_t i = 0; i < n; ++i)
    if (start.data()[i] > start.data()[i + 1]) throw std::invalid_argument("indptr decreases at row " + std::to_string(i));
  for (std::int64_t p = 0; p < size; ++p)
    if (index.data()[p] < 0 || index.data()[p] >= columns)
      throw std::invalid_argument("index " + std::to_string(index.data()[p]) + " at entry " + std::to_string(p) + " is out of range");
}

inline void require(bool holds, const char* message) {
  if (!holds) throw std::invalid_argument(message);
}

void bind_sparse(nb::module_& m);
void bind_m_matrix(nb::module_& m);
void bind_stress(nb::module_& m);
void bind_spd(nb::module_& m);
void bind_augment(nb::module_& m);
void bind_barycentres(nb::module_& m);
void bind_contraction(nb::module_& m);
void bind_exact(nb::module_& m);
void bind_harmonics(nb::module_& m);
void bind_khovanov(nb::module_& m);
void bind_messages(nb::module_& m);
void bind_normalisation(nb::module_& m);
void bind_tensor_products(nb::module_& m);

}  // namespace erlangen
