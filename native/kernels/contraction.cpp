// Symmetric contractions of many bodies: value, gradient, and the tangent of both, from which the second derivatives are read.
// Definition: B_o = sum_q K_q x^alpha(q), grouped by a parent monomial; K is mixed from the weights once for each element and block of channels.
// The first parents are the constant and the components, so that these and their gradients need no place of their own.
// Convention: a lane is a channel; four nodes of one element go together, so that a coefficient is read once for them; no channel sees another.
#include "contraction.hpp"

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

constexpr int most_nodes = 4;

// f(0), f(1) … f(NB - 1), written out, so that arrays indexed by these stay in registers.
template <int NB, typename F>
[[gnu::always_inline]] inline void each(F&& f) {
  f(0);
  if constexpr (NB > 1) {
    f(1);
    f(2);
    f(3);
  }
}

template <typename T>
struct Task {
  using lanes = typename Lane<T>::lanes;
  using stored = typename Lane<T>::stored;
  const PolynomialView& p;
  const ContractionView<T>& v;
  std::int64_t channel;
  int width;  // channels that are there, of Lane<T>::wide
  Space space;
  stored *power, *dpower, *to_power, *dto_power, *g, *K, *dK, *to_K, *rows;

  Task(const PolynomialView& polynomial, const ContractionView<T>& view, std::int64_t first)
      : p(polynomial), v(view), channel(first),
        width(static_cast<int>(view.channels - first < Lane<T>::wide ? view.channels - first : Lane<T>::wide)),
        space(static_cast<std::size_t>(most_nodes * (4 * p.parents + p.dim_out) + 3 * p.terms + p.paths) * register_bytes) {
    power = space.template take<T>(most_nodes * p.parents);
    dpower = space.template take<T>(most_nodes * p.parents);
    to_power = space.template take<T>(most_nodes * p.parents);
    dto_power = space.template take<T>(most_nodes * p.parents);
    g = space.template take<T>(most_nodes * p.dim_out);
    K = space.template take<T>(p.terms);
    dK = space.template take<T>(p.terms);
    to_K = space.template take<T>(p.terms);
    rows = space.template take<T>(p.paths);
  }

  lanes load(const T* from) const {
    if (width == Lane<T>::wide) return *reinterpret_cast<const typename Register<T>::loose*>(from);
    lanes out = {};
    for (int k = 0; k < width; ++k) out[k] = from[k];
    return out;
  }

  void store(T* to, lanes value) const {
    if (width == Lane<T>::wide)
      *reinterpret_cast<typename Register<T>::loose*>(to) = value;
    else
      for (int k = 0; k < width; ++k) to[k] = value[k];
  }

  // Components of NB nodes, node within component.
  template <int NB>
  void gather(const T* from, const std::int64_t* node, int dim, stored* to) const {
    for (int b = 0; b < NB; ++b) {
      const T* row = from + node[b] * dim * v.channels + channel;
      for (int i = 0; i < dim; ++i) to[i * NB + b] = load(row + i * v.channels);
    }
  }

  template <int NB>
  void scatter(T* to, const std::int64_t* node, int dim, const stored* from) const {
    for (int b = 0; b < NB; ++b) {
      T* row = to + node[b] * dim * v.channels + channel;
      for (int i = 0; i < dim; ++i) store(row + i * v.channels, from[i * NB + b]);
    }
  }

  // Coefficients of an element from its weights.
  void mix(const T* weight, std::int64_t element, stored* to) const {
    const T* from = weight + element * p.paths * v.channels + channel;
    for (int r = 0; r < p.paths; ++r) rows[r] = load(from + r * v.channels);
    for (int q = 0; q < p.terms; ++q) {
      lanes sum = {};
      for (int e = p.mix_start[q]; e < p.mix_start[q + 1]; ++e)
        sum = fused(all<T>(static_cast<T>(p.mix_value[e])), lanes(rows[p.mix_path[e]]), sum);
      to[q] = sum;
    }
  }

  // The adjoint of mix.
  void unmix(std::int64_t element) const {
    for (int r = 0; r < p.paths; ++r) rows[r] = lanes{};
    for (int q = 0; q < p.terms; ++q)
      for (int e = p.mix_start[q]; e < p.mix_start[q + 1]; ++e) {
        stored& row = rows[p.mix_path[e]];
        row = fused(all<T>(static_cast<T>(p.mix_value[e])), lanes(to_K[q]), lanes(row));
      }
    T* to = v.to_weight + element * p.paths * v.channels + channel;
    for (int r = 0; r < p.paths; ++r) store(to + r * v.channels, rows[r]);
  }

  template <int NB>
  void powers(const std::int64_t* node) const {
    const stored* x = power + NB;
    each<NB>([&](int b) [[gnu::always_inline]] { power[b] = all<T>(1); });
    gather<NB>(v.x, node, p.dim_in, power + NB);
    for (std::int64_t m = 1 + p.dim_in; m < p.parents; ++m) {
      const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
      each<NB>([&](int b) [[gnu::always_inline]] { power[m * NB + b] = power[from + b] * x[at + b]; });
    }
  }

  template <int NB>
  void tangent_powers(const std::int64_t* node) const {
    const stored *x = power + NB, *dx = dpower + NB;
    each<NB>([&](int b) [[gnu::always_inline]] { dpower[b] = lanes{}; });
    gather<NB>(v.dx, node, p.dim_in, dpower + NB);
    for (std::int64_t m = 1 + p.dim_in; m < p.parents; ++m) {
      const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
      each<NB>([&](int b) [[gnu::always_inline]] { dpower[m * NB + b] = dpower[from + b] * x[at + b] + power[from + b] * dx[at + b]; });
    }
  }

  template <int NB>
  void value(const std::int64_t* node) const {
    powers<NB>(node);
    const stored* x = power + NB;
    for (int o = 0; o < p.dim_out; ++o) {
      lanes sum[NB] = {};
      for (int G = p.output_start[o]; G < p.output_start[o + 1]; ++G) {
        lanes inner[NB] = {};
        for (int q = p.group_start[G]; q < p.group_start[G + 1]; ++q) {
          const lanes k = K[q];
          const stored* at = x + std::int64_t{p.factor[q]} * NB;
          each<NB>([&](int b) [[gnu::always_inline]] { inner[b] = fused(k, lanes(at[b]), inner[b]); });
        }
        const stored* from = power + std::int64_t{p.group_parent[G]} * NB;
        each<NB>([&](int b) [[gnu::always_inline]] { sum[b] = fused(lanes(from[b]), inner[b], sum[b]); });
      }
      each<NB>([&](int b) [[gnu::always_inline]] { store(v.out + (node[b] * p.dim_out + o) * v.channels + channel, sum[b]); });
    }
  }

  // From the gradients of the parents back to those of the components.
  template <int NB>
  void sweep() const {
    const stored* x = power + NB;
    stored* to_x = to_power + NB;
    for (std::int64_t m = p.parents - 1; m > p.dim_in; --m) {
      const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
      each<NB>([&](int b) [[gnu::always_inline]] {
        const lanes flow = to_power[m * NB + b];
        to_x[at + b] = fused(flow, lanes(power[from + b]), lanes(to_x[at + b]));
        to_power[from + b] = fused(flow, lanes(x[at + b]), lanes(to_power[from + b]));
      });
    }
  }

  template <int NB, bool weighted>
  void gradient(const std::int64_t* node) const {
    gather<NB>(v.g, node, p.dim_out, g);
    powers<NB>(node);
    const stored* x = power + NB;
    stored* to_x = to_power + NB;
    for (int i = 0; i < p.parents * NB; ++i) to_power[i] = lanes{};
    for (int o = 0; o < p.dim_out; ++o) {
      lanes go[NB];
      each<NB>([&](int b) [[gnu::always_inline]] { go[b] = g[o * NB + b]; });
      for (int G = p.output_start[o]; G < p.output_start[o + 1]; ++G) {
        const std::int64_t from = std::int64_t{p.group_parent[G]} * NB;
        lanes inner[NB] = {}, flow[NB];
        each<NB>([&](int b) [[gnu::always_inline]] { flow[b] = go[b] * lanes(power[from + b]); });
        for (int q = p.group_start[G]; q < p.group_start[G + 1]; ++q) {
          const lanes k = K[q];
          const std::int64_t at = std::int64_t{p.factor[q]} * NB;
          lanes sum = weighted ? lanes(to_K[q]) : lanes{};
          each<NB>([&](int b) [[gnu::always_inline]] {
            const lanes here = x[at + b];
            inner[b] = fused(k, here, inner[b]);
            to_x[at + b] = fused(k, flow[b], lanes(to_x[at + b]));
            if (weighted) sum = fused(flow[b], here, sum);
          });
          if (weighted) to_K[q] = sum;
        }
        each<NB>([&](int b) [[gnu::always_inline]] { to_power[from + b] = fused(go[b], inner[b], lanes(to_power[from + b])); });
      }
    }
    sweep<NB>();
    scatter<NB>(v.to_x, node, p.dim_in, to_x);
  }

  template <int NB>
  void tangent_sweep() const {
    const stored *x = power + NB, *dx = dpower + NB;
    stored* to_x = dto_power + NB;
    for (std::int64_t m = p.parents - 1; m > p.dim_in; --m) {
      const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
      each<NB>([&](int b) [[gnu::always_inline]] {
        const lanes flow = to_power[m * NB + b], dflow = dto_power[m * NB + b];
        to_x[at + b] = fused(dflow, lanes(power[from + b]), fused(flow, lanes(dpower[from + b]), lanes(to_x[at + b])));
        to_power[from + b] = fused(flow, lanes(x[at + b]), lanes(to_power[from + b]));
        dto_power[from + b] = fused(dflow, lanes(x[at + b]), fused(flow, lanes(dx[at + b]), lanes(dto_power[from + b])));
      });
    }
  }

  // Tangents of value and gradient along (dx, dK), the cotangent g being kept.
  template <int NB, bool weighted>
  void tangent(const std::int64_t* node) const {
    gather<NB>(v.g, node, p.dim_out, g);
    powers<NB>(node);
    tangent_powers<NB>(node);
    const stored *x = power + NB, *dx = dpower + NB;
    stored* to_x = dto_power + NB;
    for (int i = 0; i < p.parents * NB; ++i) to_power[i] = dto_power[i] = lanes{};
    for (int o = 0; o < p.dim_out; ++o) {
      lanes go[NB], out[NB] = {};
      each<NB>([&](int b) [[gnu::always_inline]] { go[b] = g[o * NB + b]; });
      for (int G = p.output_start[o]; G < p.output_start[o + 1]; ++G) {
        const std::int64_t from = std::int64_t{p.group_parent[G]} * NB;
        lanes inner[NB] = {}, dinner[NB] = {}, flow[NB], dflow[NB];
        each<NB>([&](int b) [[gnu::always_inline]] {
          flow[b] = go[b] * lanes(power[from + b]);
          dflow[b] = go[b] * lanes(dpower[from + b]);
        });
        for (int q = p.group_start[G]; q < p.group_start[G + 1]; ++q) {
          const lanes k = K[q];
          const std::int64_t at = std::int64_t{p.factor[q]} * NB;
          lanes sum = to_K[q];
          each<NB>([&](int b) [[gnu::always_inline]] {
            const lanes here = x[at + b], dhere = dx[at + b];
            inner[b] = fused(k, here, inner[b]);
            dinner[b] = fused(k, dhere, dinner[b]);
            lanes back = fused(k, dflow[b], lanes(to_x[at + b]));
            if (weighted) {
              const lanes dk = dK[q];
              dinner[b] = fused(dk, here, dinner[b]);
              back = fused(dk, flow[b], back);
            }
            to_x[at + b] = back;
            sum = fused(dflow[b], here, fused(flow[b], dhere, sum));
          });
          to_K[q] = sum;
        }
        each<NB>([&](int b) [[gnu::always_inline]] {
          to_power[from + b] = fused(go[b], inner[b], lanes(to_power[from + b]));
          dto_power[from + b] = fused(go[b], dinner[b], lanes(dto_power[from + b]));
          out[b] = fused(lanes(dpower[from + b]), inner[b], fused(lanes(power[from + b]), dinner[b], out[b]));
        });
      }
      each<NB>([&](int b) [[gnu::always_inline]] { store(v.out + (node[b] * p.dim_out + o) * v.channels + channel, out[b]); });
    }
    tangent_sweep<NB>();
    scatter<NB>(v.to_x, node, p.dim_in, to_x);
  }
};

// Runs of one element among the nodes of a range, their coefficients ready, four nodes at a time.
template <typename T, typename Open, typename Four, typename One, typename Close>
void runs(std::int64_t begin, std::int64_t end, const ContractionView<T>& v, Open&& open, Four&& four, One&& one, Close&& close) {
  for (std::int64_t at = begin; at < end;) {
    const std::int64_t element = v.element[at];
    open(element);
    std::int64_t stop = at;
    while (stop < end && v.element[stop] == element) ++stop;
    for (; at + most_nodes <= stop; at += most_nodes) four(v.node + at);
    for (; at < stop; ++at) one(v.node + at);
    close(element);
  }
}

template <typename T>
void value_range(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p, const ContractionView<T>& v) {
  const Task<T> task(p, v, channel);
  runs<T>(
      begin, end, v, [&](std::int64_t element) { task.mix(v.weight, element, task.K); },
      [&](const std::int64_t* node) { task.template value<most_nodes>(node); },
      [&](const std::int64_t* node) { task.template value<1>(node); }, [](std::int64_t) {});
}

template <typename T, bool weighted>
void gradient_range(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p, const ContractionView<T>& v) {
  const Task<T> task(p, v, channel);
  runs<T>(
      begin, end, v,
      [&](std::int64_t element) {
        task.mix(v.weight, element, task.K);
        for (int q = 0; q < p.terms; ++q) task.to_K[q] = typename Lane<T>::lanes{};
      },
      [&](const std::int64_t* node) { task.template gradient<most_nodes, weighted>(node); },
      [&](const std::int64_t* node) { task.template gradient<1, weighted>(node); },
      [&](std::int64_t element) {
        if (weighted) task.unmix(element);
      });
}

template <typename T, bool weighted>
void tangent_range(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p, const ContractionView<T>& v) {
  const Task<T> task(p, v, channel);
  runs<T>(
      begin, end, v,
      [&](std::int64_t element) {
        task.mix(v.weight, element, task.K);
        if (weighted) task.mix(v.dweight, element, task.dK);
        for (int q = 0; q < p.terms; ++q) task.to_K[q] = typename Lane<T>::lanes{};
      },
      [&](const std::int64_t* node) { task.template tangent<most_nodes, weighted>(node); },
      [&](const std::int64_t* node) { task.template tangent<1, weighted>(node); }, [&](std::int64_t element) { task.unmix(element); });
}
}  // namespace

int contraction_lanes(int bytes) { return register_bytes / bytes; }

#define ERLANGEN_CONTRACTIONS(T)                                                                                                  \
  void contraction_value(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p,                     \
                         const ContractionView<T>& v) {                                                                           \
    value_range<T>(begin, end, channel, p, v);                                                                                    \
  }                                                                                                                               \
  void contraction_gradient(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p,                  \
                            const ContractionView<T>& v) {                                                                        \
    if (v.to_weight)                                                                                                              \
      gradient_range<T, true>(begin, end, channel, p, v);                                                                         \
    else                                                                                                                          \
      gradient_range<T, false>(begin, end, channel, p, v);                                                                        \
  }                                                                                                                               \
  void contraction_tangent(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p,                   \
                           const ContractionView<T>& v) {                                                                         \
    if (v.dweight)                                                                                                                \
      tangent_range<T, true>(begin, end, channel, p, v);                                                                          \
    else                                                                                                                          \
      tangent_range<T, false>(begin, end, channel, p, v);                                                                         \
  }

ERLANGEN_CONTRACTIONS(double)
ERLANGEN_CONTRACTIONS(float)
}  // namespace erlangen::ERLANGEN_LEVEL
