// Messages over the edges of a graph, their gradients, and the tangent of both, from which the second derivatives are read.
// Definition: out_k = sum over edges of sum over slots s of T_ks (R_path h_node)_s; T is made of the harmonics for a register of edges at once.
// Convention: a lane is a channel, up to four registers of channels go together; a receiver's edges are summed in their order.
#include "messages.hpp"

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

// f(0) … f(NV - 1), written out, so that arrays indexed by these stay in registers.
template <int NV, typename F>
[[gnu::always_inline]] inline void each(F&& f) {
  f(0);
  if constexpr (NV > 1) f(1);
  if constexpr (NV > 2) {
    f(2);
    f(3);
  }
}

// A block of NV registers of channels from c on; where it is not full, one register with the channels that are left.
template <typename T, int NV, bool full>
struct Block {
  using lanes = typename Lane<T>::lanes;
  using stored = typename Lane<T>::stored;
  static constexpr int wide = Lane<T>::wide;
  const ProductView& tables;
  const MessageView<T>& view;
  std::int64_t c;
  Space space;
  stored *harmonics, *matrix, *dmatrix, *result, *slot, *g, *h, *dh, *to_h, *to_Y;
  T* term_value;

  static std::size_t registers(const ProductView& p) {
    const std::int64_t values = p.term_start[p.entries] / wide + 1;
    return static_cast<std::size_t>(values + 2 * p.dim_edge + 2 * p.entries + NV * (2 * p.dim_out + p.slots + 3 * p.dim_node));
  }

  Block(const ProductView& p, const MessageView<T>& messages, std::int64_t first)
      : tables(p), view(messages), c(first), space(registers(p) * register_bytes) {
    harmonics = space.template take<T>(p.dim_edge);
    to_Y = space.template take<T>(p.dim_edge);
    matrix = space.template take<T>(p.entries);
    dmatrix = space.template take<T>(p.entries);
    result = space.template take<T>(NV * p.dim_out);
    g = space.template take<T>(NV * p.dim_out);
    slot = space.template take<T>(NV * p.slots);
    h = space.template take<T>(NV * p.dim_node);
    dh = space.template take<T>(NV * p.dim_node);
    to_h = space.template take<T>(NV * p.dim_node);
    term_value = reinterpret_cast<T*>(space.template take<T>(p.term_start[p.entries] / wide + 1));
    for (int q = 0; q < p.term_start[p.entries]; ++q) term_value[q] = static_cast<T>(p.term_value[q]);
  }

  lanes load(const T* from) const {
    if constexpr (full) return *reinterpret_cast<const typename Register<T>::loose*>(from);
    lanes out = {};
    for (std::int64_t k = 0; k < view.channels - c; ++k) out[k] = from[k];
    return out;
  }

  void store(T* to, lanes value) const {
    if constexpr (full)
      *reinterpret_cast<typename Register<T>::loose*>(to) = value;
    else
      for (std::int64_t k = 0; k < view.channels - c; ++k) to[k] = value[k];
  }

  void load_rows(const T* from, std::int64_t row, int dim, stored* to) const {
    const MessageView<T>& v = view;
    const T* at = from + row * dim * v.channels + c;
    for (int i = 0; i < dim; ++i)
      each<NV>([&](int n) __attribute__((always_inline)) { to[i * NV + n] = load(at + i * v.channels + n * wide); });
  }

  void store_rows(T* to, std::int64_t row, int dim, const stored* from) const {
    const MessageView<T>& v = view;
    T* at = to + row * dim * v.channels + c;
    for (int i = 0; i < dim; ++i)
      each<NV>([&](int n) __attribute__((always_inline)) { store(at + i * v.channels + n * wide, from[i * NV + n]); });
  }

  // The matrices of up to `wide` edges from place `at` on; a lane is an edge.
  void matrices(std::int64_t at, std::int64_t end, const T* Y, stored* to) const {
    const ProductView p = tables;  // copies, which no store can change
    const MessageView<T> v = view;
    stored* const harmonics = this->harmonics;
    const T* const term_value = this->term_value;
    T* line = reinterpret_cast<T*>(harmonics);
    for (int j = 0; j < p.dim_edge; ++j) harmonics[j] = lanes{};
    for (int e = 0; e < wide && at + e < end; ++e) {
      const T* row = Y + v.edge[at + e] * p.dim_edge;
      for (int j = 0; j < p.dim_edge; ++j) line[j * wide + e] = row[j];
    }
    for (int t = 0; t < p.entries; ++t) {
      lanes sum = {};
      for (int q = p.term_start[t]; q < p.term_start[t + 1]; ++q)
        sum = fused(all<T>(term_value[q]), lanes(harmonics[p.term_edge[q]]), sum);
      to[t] = sum;
    }
  }

  void values(std::int64_t begin, std::int64_t end) const {
    const ProductView p = tables;  // copies, which no store can change
    const MessageView<T> v = view;
    const std::int64_t first = v.start[begin], last = v.start[end];
    for (std::int64_t r = begin; r < end; ++r) {
      for (int i = 0; i < p.dim_out * NV; ++i) result[i] = lanes{};
      for (std::int64_t at = v.start[r]; at < v.start[r + 1]; ++at) {
        const std::int64_t lane = (at - first) % wide;
        if (lane == 0) matrices(at, last, v.Y, matrix);
        value(v.edge[at], reinterpret_cast<const T*>(matrix) + lane);
      }
      store_rows(v.out, r, p.dim_out, result);
    }
  }

  void value(std::int64_t edge, const T* coupling) const {
    const ProductView p = tables;  // copies, which no store can change
    const MessageView<T> v = view;
    stored *const slot = this->slot, *const result = this->result;
    const T *hs = v.h + v.sender[edge] * p.dim_node * v.channels + c, *Re = v.R + edge * p.paths * v.channels + c;
    for (int s = 0; s < p.slots; ++s) {
      const T *weight = Re + p.slot_path[s] * v.channels, *feature = hs + p.slot_node[s] * v.channels;
      each<NV>([&](int n) __attribute__((always_inline)) { slot[s * NV + n] = load(weight + n * wide) * load(feature + n * wide); });
    }
    for (int k = 0; k < p.dim_out; ++k) {
      lanes sum[NV];
      each<NV>([&](int n) __attribute__((always_inline)) { sum[n] = result[k * NV + n]; });
      for (int e = p.result_start[k]; e < p.result_start[k + 1]; ++e) {
        const lanes t = all<T>(coupling[std::int64_t{p.result_entry[e]} * wide]);
        const stored* from = slot + std::int64_t{p.entry_slot[e]} * NV;
        each<NV>([&](int n) __attribute__((always_inline)) { sum[n] = fused(t, lanes(from[n]), sum[n]); });
      }
      each<NV>([&](int n) __attribute__((always_inline)) { result[k * NV + n] = sum[n]; });
    }
  }

  template <bool tangent>
  void derivatives(std::int64_t begin, std::int64_t end) const {
    const ProductView p = tables;  // copies, which no store can change
    const MessageView<T> v = view;
    const std::int64_t first = v.start[begin], last = v.start[end];
    for (std::int64_t r = begin; r < end; ++r) {
      load_rows(v.g, r, p.dim_out, g);
      if (tangent)
        for (int i = 0; i < p.dim_out * NV; ++i) result[i] = lanes{};
      for (std::int64_t at = v.start[r]; at < v.start[r + 1]; ++at) {
        const std::int64_t lane = (at - first) % wide, edge = v.edge[at];
        if (lane == 0) {
          matrices(at, last, v.Y, matrix);
          if (tangent) matrices(at, last, v.y, dmatrix);
        }
        derivative<tangent>(edge, reinterpret_cast<const T*>(matrix) + lane, reinterpret_cast<const T*>(dmatrix) + lane);
        store_rows(v.to_sender, edge, p.dim_node, to_h);
        add_harmonics(v.to_Y + edge * p.dim_edge);
      }
      if (tangent) store_rows(v.out, r, p.dim_out, result);
    }
  }

  // Sums over the channels of this block; the first block finds nothing there.
  void add_harmonics(T* to) const {
    const ProductView& p = tables;
    const T* line = reinterpret_cast<const T*>(to_Y);
    for (int j = 0; j < p.dim_edge; ++j) {
      T sum = 0;
      for (int k = 0; k < wide; ++k) sum += line[j * wide + k];
      to[j] = c == 0 ? sum : to[j] + sum;
    }
  }

  template <bool tangent>
  void derivative(std::int64_t edge, const T* coupling, const T* dcoupling) const {
    const ProductView p = tables;  // copies, which no store can change
    const MessageView<T> v = view;
    stored *const h = this->h, *const dh = this->dh, *const to_h = this->to_h;
    load_rows(v.h, v.sender[edge], p.dim_node, h);
    if (tangent) load_rows(v.a, v.sender[edge], p.dim_node, dh);
    for (int i = 0; i < p.dim_node * NV; ++i) to_h[i] = lanes{};
    for (int j = 0; j < p.dim_edge; ++j) to_Y[j] = lanes{};
    const std::int64_t offset = edge * p.paths * v.channels + c;
    for (int s = 0; s < p.slots;) {
      const int path = p.slot_path[s];
      const std::int64_t at = offset + path * v.channels;
      lanes R[NV], b[NV] = {}, to_R[NV] = {};
      each<NV>([&](int n) __attribute__((always_inline)) { R[n] = load(v.R + at + n * wide); });
      if (tangent) each<NV>([&](int n) __attribute__((always_inline)) { b[n] = load(v.b + at + n * wide); });
      for (; s < p.slots && p.slot_path[s] == path; ++s) {
        const std::int64_t i = std::int64_t{p.slot_node[s]} * NV;
        lanes here[NV], dhere[NV] = {}, flow[NV] = {}, dflow[NV] = {};
        each<NV>([&](int n) __attribute__((always_inline)) {
          here[n] = R[n] * lanes(h[i + n]);
          if (tangent) dhere[n] = fused(R[n], lanes(dh[i + n]), b[n] * lanes(h[i + n]));
        });
        for (int e = p.slot_start[s]; e < p.slot_start[s + 1]; ++e) couple<tangent>(p, e, coupling, dcoupling, here, dhere, flow, dflow);
        each<NV>([&](int n) __attribute__((always_inline)) {
          if (tangent) {
            to_R[n] = fused(dflow[n], lanes(h[i + n]), fused(flow[n], lanes(dh[i + n]), to_R[n]));
            to_h[i + n] = fused(dflow[n], R[n], fused(flow[n], b[n], lanes(to_h[i + n])));
          } else {
            to_R[n] = fused(flow[n], lanes(h[i + n]), to_R[n]);
            to_h[i + n] = fused(flow[n], R[n], lanes(to_h[i + n]));
          }
        });
      }
      each<NV>([&](int n) __attribute__((always_inline)) { store(v.to_R + at + n * wide, to_R[n]); });
    }
  }

  // One entry of the matrix: what flows back through it, what its harmonics get, and in the tangent what it adds to the result.
  template <bool tangent>
  [[gnu::always_inline]] void couple(const ProductView& p, int e, const T* coupling, const T* dcoupling, const lanes* here, const lanes* dhere,
                                     lanes* flow, lanes* dflow) const {
    const stored* const g = this->g;
    stored *const result = this->result, *const to_Y = this->to_Y;
    const T* const term_value = this->term_value;
    const std::int64_t k = std::int64_t{p.entry_result[e]} * NV;
    const lanes t = all<T>(coupling[std::int64_t{e} * wide]), dt = tangent ? all<T>(dcoupling[std::int64_t{e} * wide]) : t;
    lanes product = {};
    each<NV>([&](int n) __attribute__((always_inline)) {
      const lanes gk = g[k + n];
      flow[n] = fused(t, gk, flow[n]);
      if (tangent) {
        dflow[n] = fused(dt, gk, dflow[n]);
        product = fused(dhere[n], gk, product);
        result[k + n] = fused(t, dhere[n], fused(dt, here[n], lanes(result[k + n])));
      } else {
        product = fused(here[n], gk, product);
      }
    });
    for (int q = p.term_start[e]; q < p.term_start[e + 1]; ++q) {
      stored& to = to_Y[p.term_edge[q]];
      to = fused(all<T>(term_value[q]), product, lanes(to));
    }
  }
};

// run(block) for all blocks of channels.
template <typename T, typename Run>
void blocks(const ProductView& p, const MessageView<T>& v, Run&& run) {
  constexpr int wide = Lane<T>::wide;
  std::int64_t c = 0;
  for (; c + 4 * wide <= v.channels; c += 4 * wide) run(Block<T, 4, true>(p, v, c));
  for (; c + 2 * wide <= v.channels; c += 2 * wide) run(Block<T, 2, true>(p, v, c));
  for (; c + wide <= v.channels; c += wide) run(Block<T, 1, true>(p, v, c));
  if (c < v.channels) run(Block<T, 1, false>(p, v, c));
}

template <typename T>
void sums(std::int64_t begin, std::int64_t end, std::int64_t size, const std::int64_t* start, const std::int64_t* edge, const T* from, T* to) {
  for (std::int64_t r = begin; r < end; ++r) {
    T* row = to + r * size;
    for (std::int64_t i = 0; i < size; ++i) row[i] = 0;
    for (std::int64_t at = start[r]; at < start[r + 1]; ++at) {
      const T* add = from + edge[at] * size;
      for (std::int64_t i = 0; i < size; ++i) row[i] += add[i];
    }
  }
}
}  // namespace

#define ERLANGEN_MESSAGE(T)                                                                                                       \
  void message_values(std::int64_t begin, std::int64_t end, const ProductView& p, const MessageView<T>& v) {                      \
    blocks<T>(p, v, [&](const auto& block) { block.values(begin, end); });                                                        \
  }                                                                                                                               \
  void message_gradients(std::int64_t begin, std::int64_t end, const ProductView& p, const MessageView<T>& v) {                   \
    blocks<T>(p, v, [&](const auto& block) { block.template derivatives<false>(begin, end); });                                   \
  }                                                                                                                               \
  void message_tangents(std::int64_t begin, std::int64_t end, const ProductView& p, const MessageView<T>& v) {                    \
    blocks<T>(p, v, [&](const auto& block) { block.template derivatives<true>(begin, end); });                                    \
  }                                                                                                                               \
  void message_sums(std::int64_t begin, std::int64_t end, std::int64_t size, const std::int64_t* start, const std::int64_t* edge, \
                    const T* from, T* to) {                                                                                       \
    sums<T>(begin, end, size, start, edge, from, to);                                                                             \
  }

ERLANGEN_MESSAGE(double)
ERLANGEN_MESSAGE(float)
}  // namespace erlangen::ERLANGEN_LEVEL
