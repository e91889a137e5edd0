// Messages over the edges of a graph: gathered, multiplied, summed at the receiver: what the kernels of every instruction set offer.
// Definition: the functions below exist once in each namespace erlangen::baseline, ::avx2, ::avx512 that was compiled.
// Convention: arrays are C-contiguous; ranges are half-open; edges stand in the order of their receivers.
#pragma once

#include <cstdint>

namespace erlangen {

// A channelwise product: slots are pairs of a path and a component of the node, entries pairs of a slot and a component of the result,
// the matrix T of an edge has one number an entry, T_t = sum of term_value Y_term_edge.
struct ProductView {
  std::int32_t dim_node, dim_edge, dim_out, paths, slots, entries;
  const std::int32_t* slot_path;     // (slots), ascending
  const std::int32_t* slot_node;     // (slots)
  const std::int32_t* slot_start;    // (slots + 1): entries of each slot
  const std::int32_t* entry_result;  // (entries)
  const std::int32_t* result_start;  // (dim_out + 1): entries of each component of the result, by result_entry
  const std::int32_t* result_entry;  // (entries)
  const std::int32_t* entry_slot;    // (entries)
  const std::int32_t* term_start;    // (entries + 1)
  const std::int32_t* term_edge;
  const double* term_value;
};

// What goes in and comes out; h, Y, R along a, y, b are the directions of the tangents.
template <typename T>
struct MessageView {
  std::int64_t channels;
  const std::int64_t* start;   // (receivers + 1): edges of each receiver
  const std::int64_t* edge;    // (E): edges by receiver
  const std::int64_t* sender;  // (E): of each edge
  const T *h, *Y, *R;          // (nodes, dim_node, C), (E, dim_edge), (E, paths, C)
  const T *a, *y, *b;
  const T* g;     // (receivers, dim_out, C)
  T* out;         // (receivers, dim_out, C)
  T* to_sender;   // (E, dim_node, C)
  T *to_Y, *to_R;
};

#define ERLANGEN_MESSAGE_KERNELS(T)                                                                                               \
  void message_values(std::int64_t begin, std::int64_t end, const ProductView& p, const MessageView<T>& v);                       \
  void message_gradients(std::int64_t begin, std::int64_t end, const ProductView& p, const MessageView<T>& v);                    \
  void message_tangents(std::int64_t begin, std::int64_t end, const ProductView& p, const MessageView<T>& v);                     \
  void message_sums(std::int64_t begin, std::int64_t end, std::int64_t size, const std::int64_t* start, const std::int64_t* edge, \
                    const T* from, T* to);
#define ERLANGEN_MESSAGES(level)     \
  namespace level {                  \
  ERLANGEN_MESSAGE_KERNELS(float)    \
  ERLANGEN_MESSAGE_KERNELS(double)   \
  }
ERLANGEN_MESSAGES(baseline)
ERLANGEN_MESSAGES(avx2)
ERLANGEN_MESSAGES(avx512)

}  // namespace erlangen
