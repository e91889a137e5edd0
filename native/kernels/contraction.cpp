// Symmetric contractions of many bodies: value, gradient, and the tangent of both, from which the second derivatives are read.
// Definition: B_o = sum over groups of x^left * sum over terms of K_q x^right; K is mixed from the weights once for each element and block of channels.
// Terms are walked group by group, for what stands on the left, and right by right, for what stands there and for K: all sums stay in registers.
// Convention: a lane is a channel; up to four nodes of one element go together, so that a coefficient is read once for them; no channel sees another.
#include <type_traits>

#include "contraction.hpp"

#include "lanes/arithmetic.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

constexpr int most_nodes = 4;
constexpr int chains = 4;  // sums that run beside one another

// f(0), f(1) … f(NB - 1), written out, so that arrays indexed by these stay in registers.
template <int NB, typename F>
[[gnu::always_inline]] inline void each(F&& f) {
  f(0);
  if constexpr (NB > 1) f(1);
  if constexpr (NB > 2) f(2);
  if constexpr (NB > 3) f(3);
}

inline const double* values(const Mixture& m, double) { return m.value; }
inline const float* values(const Mixture& m, float) { return m.single; }

// What is computed, and with it what memory is needed.
enum class Order { value, gradient, tangent };

template <typename T>
struct Task {
  using lanes = typename Lane<T>::lanes;
  using stored = typename Lane<T>::stored;
  const PolynomialView& tables;
  const ContractionView<T>& v;
  std::int64_t channel;
  int width;  // channels that are there, of Lane<T>::wide
  Space space;
  stored *power, *K, *rows;
  stored *to_power = nullptr, *g = nullptr, *flow = nullptr, *to_K = nullptr;    // of gradients
  stored *dpower = nullptr, *dto_power = nullptr, *dflow = nullptr, *dK = nullptr;  // of tangents

  static std::size_t registers(const PolynomialView& p, Order order) {
    const std::int64_t level = static_cast<int>(order), backward = level > 0, outputs = backward * p.dim_out;
    return static_cast<std::size_t>(p.paths + p.terms * (1 + level) +
                                    most_nodes * (p.parents * (1 + (level > 1)) + level * (p.hubs + p.groups) + outputs));
  }

  Task(const PolynomialView& polynomial, const ContractionView<T>& view, std::int64_t first, Order order)
      : tables(polynomial), v(view), channel(first),
        width(static_cast<int>(view.channels - first < Lane<T>::wide ? view.channels - first : Lane<T>::wide)),
        space(registers(polynomial, order) * register_bytes), power(space.template take<T>(most_nodes * tables.parents)),
        K(space.template take<T>(tables.terms)), rows(space.template take<T>(tables.paths)) {
    if (order == Order::value) return;
    to_power = space.template take<T>(most_nodes * tables.hubs);
    g = space.template take<T>(most_nodes * tables.dim_out);
    flow = space.template take<T>(most_nodes * tables.groups);
    to_K = space.template take<T>(tables.terms);
    if (order == Order::gradient) return;
    dpower = space.template take<T>(most_nodes * tables.parents);
    dto_power = space.template take<T>(most_nodes * tables.hubs);
    dflow = space.template take<T>(most_nodes * tables.groups);
    dK = space.template take<T>(tables.terms);
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
    const std::int64_t step = v.channels;
    for (int b = 0; b < NB; ++b) {
      const T* row = from + node[b] * dim * step + channel;
      if (width == Lane<T>::wide)
        for (int i = 0; i < dim; ++i) to[i * NB + b] = *reinterpret_cast<const typename Register<T>::loose*>(row + i * step);
      else
        for (int i = 0; i < dim; ++i) to[i * NB + b] = load(row + i * step);
    }
  }

  template <int NB>
  void scatter(T* to, const std::int64_t* node, int dim, const stored* from) const {
    const std::int64_t step = v.channels;
    for (int b = 0; b < NB; ++b) {
      T* row = to + node[b] * dim * step + channel;
      if (width == Lane<T>::wide)
        for (int i = 0; i < dim; ++i) *reinterpret_cast<typename Register<T>::loose*>(row + i * step) = lanes(from[i * NB + b]);
      else
        for (int i = 0; i < dim; ++i) store(row + i * step, from[i * NB + b]);
    }
  }

  void clear(stored* from, std::int64_t count) const {
    for (std::int64_t i = 0; i < count; ++i) from[i] = lanes{};
  }

  // The weight of a row of the mixture: a weight itself, or a sum of some.
  lanes folded(const T* from, int r) const {
    const PolynomialView& p = tables;
    if (!p.fold.start) return load(from + r * v.channels);
    lanes sum = {};
    for (int e = p.fold.start[r]; e < p.fold.start[r + 1]; ++e)
      sum = fused(all<T>(values(p.fold, T{})[e]), load(from + p.fold.column[e] * v.channels), sum);
    return sum;
  }

  // Coefficients of an element from its weights.
  void mix(const T* weight, std::int64_t element, stored* to) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    const T* from = weight + element * p.paths * v.channels + channel;
    const T* value = values(p.mix, T{});
    clear(to, p.terms);
    for (int r = 0; r < p.mix_rows; ++r) {
      const lanes row = folded(from, r);
      for (int e = p.mix.start[r]; e < p.mix.start[r + 1]; ++e) {
        stored& here = to[p.mix.column[e]];
        here = fused(all<T>(value[e]), row, lanes(here));
      }
    }
  }

  // The adjoint of mix.
  void unmix(std::int64_t element) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    stored *const to_K = this->to_K, *const rows = this->rows;
    const T* value = values(p.mix, T{});
    T* to = v.to_weight + element * p.paths * v.channels + channel;
    if (p.fold.start) clear(rows, p.paths);
    for (int r = 0; r < p.mix_rows; ++r) {
      lanes part[chains] = {};
      int e = p.mix.start[r];
      for (; e + chains <= p.mix.start[r + 1]; e += chains)
        each<chains>([&](int c) __attribute__((always_inline)) { part[c] = fused(all<T>(value[e + c]), lanes(to_K[p.mix.column[e + c]]), part[c]); });
      for (; e < p.mix.start[r + 1]; ++e) part[0] = fused(all<T>(value[e]), lanes(to_K[p.mix.column[e]]), part[0]);
      const lanes sum = (part[0] + part[1]) + (part[2] + part[3]);
      if (p.fold.start)
        unfold(sum, r);
      else
        store(to + r * v.channels, sum);
    }
    for (int r = 0; r < p.paths && p.fold.start; ++r) store(to + r * v.channels, rows[r]);
  }

  void unfold(lanes sum, int r) const {
    const PolynomialView& p = tables;
    for (int e = p.fold.start[r]; e < p.fold.start[r + 1]; ++e) {
      stored& row = rows[p.fold.column[e]];
      row = fused(all<T>(values(p.fold, T{})[e]), sum, lanes(row));
    }
  }

  template <int NB>
  void powers(const std::int64_t* node) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    stored* const power = this->power;
    const stored* x = power + NB;
    each<NB>([&](int b) __attribute__((always_inline)) { power[b] = all<T>(1); });
    gather<NB>(v.x, node, p.dim_in, power + NB);
    for (std::int64_t m = 1 + p.dim_in; m < p.parents; ++m) {
      const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
      each<NB>([&](int b) __attribute__((always_inline)) { power[m * NB + b] = power[from + b] * x[at + b]; });
    }
  }

  template <int NB>
  void tangent_powers(const std::int64_t* node) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    stored *const power = this->power, *const dpower = this->dpower;
    const stored *x = power + NB, *dx = dpower + NB;
    each<NB>([&](int b) __attribute__((always_inline)) { dpower[b] = lanes{}; });
    gather<NB>(v.dx, node, p.dim_in, dpower + NB);
    for (std::int64_t m = 1 + p.dim_in; m < p.parents; ++m) {
      const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
      each<NB>([&](int b) __attribute__((always_inline)) { dpower[m * NB + b] = dpower[from + b] * x[at + b] + power[from + b] * dx[at + b]; });
    }
  }

  template <int NB>
  void value(const std::int64_t* node) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    const stored *const power = this->power, *const K = this->K;
    powers<NB>(node);
    for (int o = 0; o < p.dim_out; ++o) {
      lanes sum[NB] = {};
      for (int G = p.output_start[o]; G < p.output_start[o + 1]; ++G) {
        lanes inner[NB] = {};
        for (int q = p.group_start[G]; q < p.group_start[G + 1]; ++q) {
          const lanes k = K[q];
          const stored* right = power + std::int64_t{p.right[q]} * NB;
          each<NB>([&](int b) __attribute__((always_inline)) { inner[b] = fused(k, lanes(right[b]), inner[b]); });
        }
        const stored* left = power + std::int64_t{p.group_left[G]} * NB;
        each<NB>([&](int b) __attribute__((always_inline)) { sum[b] = fused(lanes(left[b]), inner[b], sum[b]); });
      }
      each<NB>([&](int b) __attribute__((always_inline)) { store(v.out + (node[b] * p.dim_out + o) * v.channels + channel, sum[b]); });
    }
  }

  // Group by group: what flows to the right of each, and the gradients of what stands on the left.
  template <int NB>
  void left_gradients() const {
    const PolynomialView p = tables;  // a copy, which no store can change
    const stored *const power = this->power, *const K = this->K;
    stored *const to_power = this->to_power, *const flow = this->flow;
    for (int o = 0; o < p.dim_out; ++o) {
      lanes go[NB];
      each<NB>([&](int b) __attribute__((always_inline)) { go[b] = g[o * NB + b]; });
      for (std::int64_t G = p.output_start[o]; G < p.output_start[o + 1]; ++G) {
        const std::int64_t left = std::int64_t{p.group_left[G]} * NB;
        lanes inner[NB] = {};
        for (int q = p.group_start[G]; q < p.group_start[G + 1]; ++q) {
          const lanes k = K[q];
          const stored* right = power + std::int64_t{p.right[q]} * NB;
          each<NB>([&](int b) __attribute__((always_inline)) { inner[b] = fused(k, lanes(right[b]), inner[b]); });
        }
        each<NB>([&](int b) __attribute__((always_inline)) {
          flow[G * NB + b] = go[b] * lanes(power[left + b]);
          to_power[left + b] = fused(go[b], inner[b], lanes(to_power[left + b]));
        });
      }
    }
  }

  // From the gradient of a monomial to those of its parent and of its factor.
  template <int NB>
  [[gnu::always_inline]] static inline void descend(std::int64_t from, std::int64_t at, const stored* power, stored* to_power, const lanes* sum) {
    stored* to_x = to_power + NB;
    const stored* x = power + NB;
    each<NB>([&](int b) __attribute__((always_inline)) {
      to_x[at + b] = fused(sum[b], lanes(power[from + b]), lanes(to_x[at + b]));
      to_power[from + b] = fused(sum[b], lanes(x[at + b]), lanes(to_power[from + b]));
    });
  }

  template <int NB, bool weighted>
  void gradient(const std::int64_t* node) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    const stored *const power = this->power, *const K = this->K;
    stored *const to_power = this->to_power, *const flow = this->flow, *const to_K = this->to_K;
    gather<NB>(v.g, node, p.dim_out, g);
    powers<NB>(node);
    clear(to_power, p.hubs * NB);
    left_gradients<NB>();
    for (std::int64_t m = p.parents - 1; m >= 0; --m) {
      lanes sum[NB] = {}, here[NB];
      each<NB>([&](int b) __attribute__((always_inline)) { here[b] = power[m * NB + b]; });
      if (m < p.hubs) each<NB>([&](int b) __attribute__((always_inline)) { sum[b] = to_power[m * NB + b]; });
      for (int e = p.right_start[m]; e < p.right_start[m + 1]; ++e) {
        const std::int64_t q = p.right_term[e];
        const stored* from = flow + std::int64_t{p.right_group[e]} * NB;
        const lanes k = K[q];
        lanes to_k = weighted ? lanes(to_K[q]) : lanes{};
        each<NB>([&](int b) __attribute__((always_inline)) {
          const lanes f = from[b];
          sum[b] = fused(k, f, sum[b]);
          if (weighted) to_k = fused(f, here[b], to_k);
        });
        if (weighted) to_K[q] = to_k;
      }
      if (m > p.dim_in)
        descend<NB>(std::int64_t{p.parent[m]} * NB, std::int64_t{p.parent_factor[m]} * NB, power, to_power, sum);
      else
        each<NB>([&](int b) __attribute__((always_inline)) { to_power[m * NB + b] = sum[b]; });
    }
    scatter<NB>(v.to_x, node, p.dim_in, to_power + NB);
  }

  // The tangents of left_gradients, and of the value.
  template <int NB, bool weighted>
  void left_tangents(const std::int64_t* node) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    const stored *const power = this->power, *const dpower = this->dpower, *const K = this->K, *const dK = this->dK;
    stored *const to_power = this->to_power, *const dto_power = this->dto_power, *const flow = this->flow, *const dflow = this->dflow;
    for (int o = 0; o < p.dim_out; ++o) {
      lanes out[NB] = {};
      for (std::int64_t G = p.output_start[o]; G < p.output_start[o + 1]; ++G) {
        const std::int64_t left = std::int64_t{p.group_left[G]} * NB;
        lanes inner[NB] = {}, dinner[NB] = {};
        for (int q = p.group_start[G]; q < p.group_start[G + 1]; ++q) {
          const lanes k = K[q], dk = weighted ? lanes(dK[q]) : lanes{};
          const std::int64_t right = std::int64_t{p.right[q]} * NB;
          each<NB>([&](int b) __attribute__((always_inline)) {
            const lanes here = power[right + b];
            inner[b] = fused(k, here, inner[b]);
            dinner[b] = fused(k, lanes(dpower[right + b]), dinner[b]);
            if (weighted) dinner[b] = fused(dk, here, dinner[b]);
          });
        }
        each<NB>([&](int b) __attribute__((always_inline)) {
          const lanes go = g[o * NB + b], at = power[left + b], dat = dpower[left + b];
          flow[G * NB + b] = go * at;
          dflow[G * NB + b] = go * dat;
          to_power[left + b] = fused(go, inner[b], lanes(to_power[left + b]));
          dto_power[left + b] = fused(go, dinner[b], lanes(dto_power[left + b]));
          out[b] = fused(dat, inner[b], fused(at, dinner[b], out[b]));
        });
      }
      each<NB>([&](int b) __attribute__((always_inline)) { store(v.out + (node[b] * p.dim_out + o) * v.channels + channel, out[b]); });
    }
  }

  // Tangents of value and gradient along (dx, dK), the cotangent g being kept.
  template <int NB, bool weighted>
  void tangent(const std::int64_t* node) const {
    const PolynomialView p = tables;  // a copy, which no store can change
    const stored *const power = this->power, *const dpower = this->dpower, *const K = this->K, *const dK = this->dK;
    stored *const to_power = this->to_power, *const dto_power = this->dto_power, *const to_K = this->to_K;
    const stored *const flow = this->flow, *const dflow = this->dflow;
    gather<NB>(v.g, node, p.dim_out, g);
    powers<NB>(node);
    tangent_powers<NB>(node);
    clear(to_power, p.hubs * NB);
    clear(dto_power, p.hubs * NB);
    left_tangents<NB, weighted>(node);
    stored* const dto_x = dto_power + NB;
    const stored *const x = power + NB, *const dx = dpower + NB;
    for (std::int64_t m = p.parents - 1; m >= 0; --m) {
      lanes sum[NB] = {}, dsum[NB] = {};
      if (m < p.hubs) each<NB>([&](int b) __attribute__((always_inline)) {
          sum[b] = to_power[m * NB + b];
          dsum[b] = dto_power[m * NB + b];
        });
      for (int e = p.right_start[m]; e < p.right_start[m + 1]; ++e) {
        const std::int64_t q = p.right_term[e], G = std::int64_t{p.right_group[e]} * NB;
        const lanes k = K[q], dk = weighted ? lanes(dK[q]) : lanes{};
        lanes to_k = to_K[q];
        each<NB>([&](int b) __attribute__((always_inline)) {
          const lanes f = flow[G + b], df = dflow[G + b];
          sum[b] = fused(k, f, sum[b]);
          dsum[b] = fused(k, df, dsum[b]);
          if (weighted) dsum[b] = fused(dk, f, dsum[b]);
          to_k = fused(df, lanes(power[m * NB + b]), fused(f, lanes(dpower[m * NB + b]), to_k));
        });
        to_K[q] = to_k;
      }
      if (m > p.dim_in) {
        const std::int64_t from = std::int64_t{p.parent[m]} * NB, at = std::int64_t{p.parent_factor[m]} * NB;
        each<NB>([&](int b) __attribute__((always_inline)) {
          const lanes f = sum[b], df = dsum[b];
          dto_x[at + b] = fused(df, lanes(power[from + b]), fused(f, lanes(dpower[from + b]), lanes(dto_x[at + b])));
          dto_power[from + b] = fused(df, lanes(x[at + b]), fused(f, lanes(dx[at + b]), lanes(dto_power[from + b])));
        });
        descend<NB>(from, at, power, to_power, sum);
      } else
        each<NB>([&](int b) __attribute__((always_inline)) { dto_power[m * NB + b] = dsum[b]; });
    }
    scatter<NB>(v.to_x, node, p.dim_in, dto_power + NB);
  }
};

template <int NB>
using Nodes = std::integral_constant<int, NB>;

// Runs of one element among the nodes of a range, their coefficients ready, up to four nodes at a time.
template <typename T, typename Open, typename Some, typename Close>
void runs(std::int64_t begin, std::int64_t end, const ContractionView<T>& v, Open&& open, Some&& some, Close&& close) {
  for (std::int64_t at = begin; at < end;) {
    const std::int64_t element = v.element[at];
    open(element);
    std::int64_t stop = at;
    while (stop < end && v.element[stop] == element) ++stop;
    while (at < stop) {
      const std::int64_t left = stop - at, count = left == most_nodes + 1 ? most_nodes - 1 : left < most_nodes ? left : most_nodes;
      const std::int64_t* node = v.node + at;
      if (count == 4)
        some(Nodes<4>{}, node);
      else if (count == 3)
        some(Nodes<3>{}, node);
      else if (count == 2)
        some(Nodes<2>{}, node);
      else
        some(Nodes<1>{}, node);
      at += count;
    }
    close(element);
  }
}

template <typename T>
void value_range(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p, const ContractionView<T>& v) {
  const Task<T> task(p, v, channel, Order::value);
  runs<T>(
      begin, end, v, [&](std::int64_t element) { task.mix(v.weight, element, task.K); },
      [&]<int NB>(Nodes<NB>, const std::int64_t* node) { task.template value<NB>(node); }, [](std::int64_t) {});
}

template <typename T, bool weighted>
void gradient_range(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p, const ContractionView<T>& v) {
  const Task<T> task(p, v, channel, Order::gradient);
  runs<T>(
      begin, end, v,
      [&](std::int64_t element) {
        task.mix(v.weight, element, task.K);
        task.clear(task.to_K, p.terms);
      },
      [&]<int NB>(Nodes<NB>, const std::int64_t* node) { task.template gradient<NB, weighted>(node); },
      [&](std::int64_t element) {
        if (weighted) task.unmix(element);
      });
}

template <typename T, bool weighted>
void tangent_range(std::int64_t begin, std::int64_t end, std::int64_t channel, const PolynomialView& p, const ContractionView<T>& v) {
  const Task<T> task(p, v, channel, Order::tangent);
  runs<T>(
      begin, end, v,
      [&](std::int64_t element) {
        task.mix(v.weight, element, task.K);
        if (weighted) task.mix(v.dweight, element, task.dK);
        task.clear(task.to_K, p.terms);
      },
      [&]<int NB>(Nodes<NB>, const std::int64_t* node) { task.template tangent<NB, weighted>(node); },
      [&](std::int64_t element) { task.unmix(element); });
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
