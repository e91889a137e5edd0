// Symmetric contractions of many bodies and their derivatives: what the kernels of every instruction set offer.
// Definition: the functions below exist once in each namespace erlangen::baseline, ::avx2, ::avx512 that was compiled.
// Convention: arrays are C-contiguous; ranges are half-open; channels are contiguous, and a task takes some of them for some nodes of one order.
#pragma once

#include <cstdint>

namespace erlangen {

// A sparse matrix in compressed rows, its values in both precisions; without starts it is the identity.
struct Mixture {
  const std::int32_t* start = nullptr;
  const std::int32_t* column = nullptr;
  const double* value = nullptr;
  const float* single = nullptr;
};

// A sparse polynomial: out_o = sum over groups of o of (the monomial on their left) * sum over terms of K_q (the monomial on its right).
struct PolynomialView {
  std::int32_t dim_in, dim_out, paths, parents, groups, terms, mix_rows;
  std::int32_t hubs;                  // monomials before this one are parents, or stand on the left of a group
  const std::int32_t* parent;         // (parents): of each monomial, its own parent; first the constant 1, then the components
  const std::int32_t* parent_factor;  // (parents)
  const std::int32_t* output_start;   // (dim_out + 1): groups of each output
  const std::int32_t* group_left;     // (groups)
  const std::int32_t* group_start;    // (groups + 1): terms of each group
  const std::int32_t* right;          // (terms)
  const std::int32_t* right_start;    // (parents + 1): the terms once more, by what stands on their right
  const std::int32_t* right_term;     // (terms)
  const std::int32_t* right_group;    // (terms)
  Mixture fold, mix;                  // K_q = sum over rows r of mix_rq sum over paths p of fold_rp W_p
};

// What goes in and comes out; a pointer that is null is not there.
template <typename T>
struct ContractionView {
  std::int64_t channels;
  const std::int64_t* node;     // nodes in the order of their elements
  const std::int64_t* element;  // the element of each of these
  const T *x, *weight;          // (n, dim_in, C), (elements, paths, C)
  const T* g;                   // (n, dim_out, C): of the derivatives
  const T *dx, *dweight;        // directions, of the tangents
  T* out;                       // (n, dim_out, C)
  T* to_x;                      // (n, dim_in, C)
  T* to_weight;                 // (elements, paths, C)
};

#define ERLANGEN_CONTRACTION_KERNELS(T)                                                                                           \
  void contraction_value(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p,                     \
                         const ContractionView<T>& v);                                                                            \
  void contraction_gradient(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p,                  \
                            const ContractionView<T>& v);                                                                         \
  void contraction_tangent(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p,                   \
                           const ContractionView<T>& v);
#define ERLANGEN_CONTRACTION(level)              \
  namespace level {                              \
  int contraction_lanes(int bytes);              \
  ERLANGEN_CONTRACTION_KERNELS(float)            \
  ERLANGEN_CONTRACTION_KERNELS(double)           \
  }
ERLANGEN_CONTRACTION(baseline)
ERLANGEN_CONTRACTION(avx2)
ERLANGEN_CONTRACTION(avx512)

}  // namespace erlangen
