// Sparse bilinear products, forward and backward.
// Definition: the program of tensor_products.hpp, run on tiles of lanes; a lane is a row, or a channel of a row.
// Convention: rows are turned to components in scratch and the result is turned back and written once; channels are used where they lie;
// a lane never sees another, and shares are cut without regard to threads.
#include "tensor_products.hpp"

#include "lanes/arithmetic.hpp"
#include "lanes/transpose.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

template <typename T>
using Lanes = typename Register<T>::lanes;
template <typename T>
using Loose = typename Register<T>::loose;

template <typename T>
inline Lanes<T> load(const T* from, int register_index) {
  return reinterpret_cast<const Loose<T>*>(from)[register_index];
}

template <typename T>
inline void store(T* to, int register_index, Lanes<T> value) {
  reinterpret_cast<Loose<T>*>(to)[register_index] = value;
}

// Component c of an operand stands at data + c * stride; a shared one has a single entry there, the same for all lanes.
template <typename T, bool shared = false>
struct Operand {
  T* data;
  std::int64_t stride;
  inline Lanes<T> at(std::int64_t c, int r) const { return shared ? all<T>(data[c * stride]) : load<T>(data + c * stride, r); }
};

// Blocks of `width` sums over the same sources.
template <typename T, int R, int width, bool fresh>
inline void blocks(int count, const std::int32_t*& length, const std::int32_t*& target, const std::int32_t*& source, const T*& value,
                   const T* from, std::int64_t from_stride, T* to, std::int64_t to_stride) {
  for (int block = 0; block < count; ++block, target += width) {
    const int n = *length++;
    Lanes<T> sum[width][R];
#pragma GCC unroll 4
    for (int w = 0; w < width; ++w)
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) sum[w][r] = fresh ? Lanes<T>{} : load<T>(to + target[w] * to_stride, r);
    for (int t = 0; t < n; ++t, value += width) {
      const T* term = from + *source++ * from_stride;
      Lanes<T> factor[width];
#pragma GCC unroll 4
      for (int w = 0; w < width; ++w) factor[w] = all<T>(value[w]);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) {
        const Lanes<T> part = load<T>(term, r);
#pragma GCC unroll 4
        for (int w = 0; w < width; ++w) sum[w][r] += factor[w] * part;
      }
    }
#pragma GCC unroll 4
    for (int w = 0; w < width; ++w)
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) store<T>(to + target[w] * to_stride, r, sum[w][r]);
  }
}

template <typename T, int R>
inline void sums(const SumTable<T>& table, const T* from, std::int64_t from_stride, T* to, std::int64_t to_stride) {
  const std::int32_t *length = table.length, *target = table.target, *source = table.source;
  const T* value = table.value;
  for (int g = 0; g < table.groups; ++g) {
#define ERLANGEN_BLOCKS(width, fresh) \
  blocks<T, R, width, fresh>(table.count[g], length, target, source, value, from, from_stride, to, to_stride)
    switch (2 * table.width[g] + (table.fresh[g] ? 1 : 0)) {
      case 2: ERLANGEN_BLOCKS(1, false); break;
      case 3: ERLANGEN_BLOCKS(1, true); break;
      case 4: ERLANGEN_BLOCKS(2, false); break;
      case 5: ERLANGEN_BLOCKS(2, true); break;
      case 6: ERLANGEN_BLOCKS(3, false); break;
      default: ERLANGEN_BLOCKS(3, true);
    }
#undef ERLANGEN_BLOCKS
  }
}

// target += sum slot[left] * operand[right].
template <typename T, int R, bool shared>
inline void pair_sums(const PairTable& table, const T* slots, Operand<const T, shared> factor, T* to, std::int64_t stride) {
  constexpr int W = R * Register<T>::wide;
  const std::int32_t *target = table.target, *left = table.left, *right = table.right;
  for (int g = 0; g < table.groups; ++g) {
    const int n = table.length[g];
    for (int row = 0; row < table.count[g]; ++row, left += n, right += n) {
      T* out = to + target[row] * stride;
      Lanes<T> sum[R];
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) sum[r] = table.fresh[g] ? Lanes<T>{} : load<T>(out, r);
      for (int t = 0; t < n; ++t) {
        const T* slot = slots + static_cast<std::int64_t>(left[t]) * W;
#pragma GCC unroll 8
        for (int r = 0; r < R; ++r) sum[r] += load<T>(slot, r) * factor.at(right[t], r);
      }
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) store<T>(out, r, sum[r]);
    }
    target += table.count[g];
  }
}

template <typename T>
inline void turn(Lanes<T>& a, Lanes<T>& b) {
  const Lanes<T> first = a;
  a = first + b;
  b = first - b;
}

template <typename T, int R>
inline void turn_slots(T* a, T* b) {
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r) {
    Lanes<T> first = load<T>(a, r), second = load<T>(b, r);
    turn<T>(first, second);
    store<T>(a, r, first);
    store<T>(b, r, second);
  }
}

// x_i y_j of each lane, or the sum of two such products.
template <typename T, bool shared, bool twice>
struct Factors {
  Operand<const T> x;
  Operand<const T, shared> y;
  Operand<const T> x2;
  Operand<const T, shared> y2;
  inline Lanes<T> product(std::int32_t i, std::int32_t j, int r) const {
    const Lanes<T> one = x.at(i, r) * y.at(j, r);
    return twice ? one + x2.at(i, r) * y2.at(j, r) : one;
  }
};

template <typename T, int R, bool shared, bool twice>
inline void quads(const SegmentView<T>& s, const Factors<T, shared, twice>& f, T* slot) {
  constexpr int W = R * Register<T>::wide;
  for (int q = 0; q < 4 * s.quads; q += 4, slot += 4 * W) {
    const std::int32_t i0 = s.i[q], i1 = s.i[q + 1], j0 = s.j[q], j1 = s.j[q + 1];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) {
      Lanes<T> a = f.product(i0, j0, r), b = f.product(i1, j1, r), c = f.product(i0, j1, r), d = f.product(i1, j0, r);
      turn<T>(a, b);
      turn<T>(c, d);
      store<T>(slot, r, a);
      store<T>(slot + W, r, b);
      store<T>(slot + 2 * W, r, c);
      store<T>(slot + 3 * W, r, d);
    }
  }
}

template <typename T, int R, bool shared, bool twice>
inline void forward_tile(const ProgramView<T>& p, Operand<const T> x, Operand<const T, shared> y, Operand<const T> x2,
                         Operand<const T, shared> y2, Operand<T> z, T* slots) {
  constexpr int W = R * Register<T>::wide;
  const Factors<T, shared, twice> f{x, y, x2, y2};
  for (int at = 0; at < p.segments; ++at) {
    const SegmentView<T>& s = p.segment[at];
    quads<T, R, shared, twice>(s, f, slots);
    const int stored = s.products - s.direct;
    T* slot = slots + 4 * static_cast<std::int64_t>(s.quads) * W;
    for (int q = 4 * s.quads; q < stored; ++q, slot += W) {
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) store<T>(slot, r, f.product(s.i[q], s.j[q], r));
    }
    for (int q = 0; q < s.direct; ++q) {
      T* out = z.data + s.direct_k[q] * z.stride;
      const Lanes<T> value = all<T>(s.direct_value[q]);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) store<T>(out, r, value * f.product(s.i[stored + q], s.j[stored + q], r));
    }
    for (int b = 0; b < s.butterflies; ++b)
      turn_slots<T, R>(slots + static_cast<std::int64_t>(s.a[b]) * W, slots + static_cast<std::int64_t>(s.b[b]) * W);
    sums<T, R>(s.outputs, slots, W, z.data, z.stride);
  }
}

template <typename T, int R, bool shared>
inline void backward_tile(const ProgramView<T>& p, Operand<const T> z, Operand<const T> x, Operand<const T, shared> y, Operand<T> to_x,
                          Operand<T> to_y, T* slots) {
  constexpr int W = R * Register<T>::wide;
  for (int at = 0; at < p.segments; ++at) {
    const SegmentView<T>& s = p.segment[at];
    sums<T, R>(s.adjoints, z.data, z.stride, slots, W);
    for (int b = s.butterflies - 1; b >= 0; --b)
      turn_slots<T, R>(slots + static_cast<std::int64_t>(s.a[b]) * W, slots + static_cast<std::int64_t>(s.b[b]) * W);
    for (int q = 0; q < 2 * s.quads; ++q) turn_slots<T, R>(slots + 2 * q * W, slots + (2 * q + 1) * W);
    if (to_x.data) pair_sums<T, R, shared>(s.to_x, slots, y, to_x.data, to_x.stride);
    if (to_y.data) pair_sums<T, R, false>(s.to_y, slots, x, to_y.data, to_y.stride);
  }
}

// `rows` rows of d entries to components, lanes beyond the last row zero; `beyond` entries after the last row may be read.
template <typename T, int R>
inline void gather_rows(const T* from, std::int64_t d, std::int64_t rows, std::int64_t beyond, T* to) {
  constexpr int wide = Register<T>::wide, piece = Piece<T>::wide, W = R * wide;
  for (int r = 0; r < R; ++r) {
    const std::int64_t first = r * wide, here = rows - first < wide ? rows - first : wide;
    const T* source = from + first * d;
    const std::int64_t slack = (rows - first - wide) * d + beyond;
    std::int64_t c = 0;
    if (here == wide) {
      for (; c < d && c + piece <= d + slack; c += piece) {
        Lanes<T> column[piece];
        columns(source, d, c, column);
#pragma GCC unroll 4
        for (int q = 0; q < piece; ++q)
          if (c + q < d) store<T>(to + (c + q) * W, r, column[q]);
      }
    }
    for (; c < d; ++c)
      for (int l = 0; l < wide; ++l) to[c * W + first + l] = l < here ? source[l * d + c] : T(0);
  }
}

// Components to `rows` rows of d entries.
template <typename T, int R>
inline void scatter_rows(const T* from, std::int64_t d, std::int64_t rows, T* to) {
  constexpr int wide = Register<T>::wide, piece = Piece<T>::wide, W = R * wide;
  for (int r = 0; r < R; ++r) {
    const std::int64_t first = r * wide, here = rows - first < wide ? rows - first : wide;
    T* target = to + first * d;
    if (here == wide && d >= wide) {
      for (std::int64_t c = 0; c < d; c += wide) {
        const std::int64_t at = c + wide <= d ? c : d - wide;  // the last block overlaps the one before
        const T* source = from + at * W + first;
#pragma GCC unroll 4
        for (int p = 0; p < wide; p += piece) {
          Lanes<T> row[piece];
          columns(source, W, p, row);
#pragma GCC unroll 4
          for (int q = 0; q < piece; ++q) store<T>(target + (p + q) * d + at, 0, row[q]);
        }
      }
    } else {
      for (std::int64_t l = 0; l < here; ++l)
        for (std::int64_t c = 0; c < d; ++c) target[l * d + c] = from[c * W + first + l];
    }
  }
}

// Channels `from` to the last of the rows, as lanes of a tile: lane l of the range is row l / width, channel from + l % width.
template <typename T, int W>
inline void gather_lanes(const T* source, std::int64_t d, std::int64_t channels, std::int64_t from, std::int64_t width, std::int64_t lane,
                         std::int64_t lanes, bool shared, T* to) {
  for (std::int64_t l = 0; l < W; ++l) {
    const bool inside = lane + l < lanes;
    const std::int64_t row = (lane + l) / width, channel = from + (lane + l) % width;
    const T* at = source + (shared ? row * d : row * d * channels + channel);
    const std::int64_t stride = shared ? 1 : channels;
    for (std::int64_t c = 0; c < d; ++c) to[c * W + l] = inside ? at[c * stride] : T(0);
  }
}

template <typename T, int W>
inline void scatter_lanes(const T* from, std::int64_t d, std::int64_t channels, std::int64_t begin, std::int64_t width, std::int64_t lane,
                          std::int64_t lanes, bool shared, T* target) {
  for (std::int64_t l = 0; l < W && lane + l < lanes; ++l) {
    const std::int64_t row = (lane + l) / width, channel = begin + (lane + l) % width;
    T* at = target + (shared ? row * d : row * d * channels + channel);
    for (std::int64_t c = 0; c < d; ++c) {
      if (shared)
        at[c] += from[c * W + l];
      else
        at[c * channels] = from[c * W + l];
    }
  }
}

// ---- forward

template <typename T, int R>
void forward_rows(std::int64_t begin, std::int64_t end, const ProgramView<T>& p, const BilinearForward<T>& f) {
  constexpr int W = R * Register<T>::wide;
  const std::int64_t tiles = 2 * (p.d1 + p.d2) + p.d3 + p.slots + 1;
  Space space(static_cast<std::size_t>(tiles) * W * sizeof(T));
  T* const x = reinterpret_cast<T*>(space.take<T>(tiles * R));
  T *const y = x + p.d1 * W, *const x2 = y + p.d2 * W, *const y2 = x2 + p.d1 * W, *const z = y2 + p.d2 * W, *const slots = z + p.d3 * W;
  for (std::int64_t n = begin; n < end; n += W) {
    const std::int64_t rows = end - n < W ? end - n : W, after = end - n - rows;
    gather_rows<T, R>(f.x + n * p.d1, p.d1, rows, after * p.d1, x);
    gather_rows<T, R>(f.y + n * p.d2, p.d2, rows, after * p.d2, y);
    if (f.x2) {
      gather_rows<T, R>(f.x2 + n * p.d1, p.d1, rows, after * p.d1, x2);
      gather_rows<T, R>(f.y2 + n * p.d2, p.d2, rows, after * p.d2, y2);
      forward_tile<T, R, false, true>(p, {x, W}, {y, W}, {x2, W}, {y2, W}, {z, W}, slots);
    } else {
      forward_tile<T, R, false, false>(p, {x, W}, {y, W}, {x, W}, {y, W}, {z, W}, slots);
    }
    scatter_rows<T, R>(z, p.d3, rows, f.z + n * p.d3);
  }
}

// The channels [c, c + W) of one row, where they lie.
template <typename T, int R, bool shared>
inline void forward_channels_at(std::int64_t n, std::int64_t c, const ProgramView<T>& p, const BilinearForward<T>& f, T* slots) {
  const std::int64_t C = f.channels;
  const auto left = [&](const T* x) { return Operand<const T>{x + n * p.d1 * C + c, C}; };
  const auto right = [&](const T* y) {
    return shared ? Operand<const T, shared>{y + n * p.d2, 1} : Operand<const T, shared>{y + n * p.d2 * C + c, C};
  };
  const Operand<T> out{f.z + n * p.d3 * C + c, C};
  if (f.x2)
    forward_tile<T, R, shared, true>(p, left(f.x), right(f.y), left(f.x2), right(f.y2), out, slots);
  else
    forward_tile<T, R, shared, false>(p, left(f.x), right(f.y), left(f.x), right(f.y), out, slots);
}

template <typename T, bool shared>
void forward_channels(std::int64_t begin, std::int64_t end, const ProgramView<T>& p, const BilinearForward<T>& f) {
  constexpr int wide = Register<T>::wide, R = 4, W = R * wide;
  const std::int64_t C = f.channels, whole = C / wide * wide, width = C - whole;
  const std::int64_t tiles = 2 * (p.d1 + p.d2) + p.d3 + p.slots + 1;
  Space space(static_cast<std::size_t>(tiles) * W * sizeof(T));
  T* const slots = reinterpret_cast<T*>(space.take<T>(tiles * R));
  for (std::int64_t n = begin; n < end; ++n) {
    std::int64_t c = 0;
    for (; c + W <= whole; c += W) forward_channels_at<T, R, shared>(n, c, p, f, slots);
    for (; c < whole; c += wide) forward_channels_at<T, 1, shared>(n, c, p, f, slots);
  }
  if (!width) return;
  T *const x = slots + p.slots * W, *const y = x + p.d1 * W, *const x2 = y + p.d2 * W, *const y2 = x2 + p.d1 * W, *const z = y2 + p.d2 * W;
  const std::int64_t lanes = (end - begin) * width, dx = p.d1 * C * begin, dy = p.d2 * (shared ? 1 : C) * begin;
  for (std::int64_t lane = 0; lane < lanes; lane += W) {
    gather_lanes<T, W>(f.x + dx, p.d1, C, whole, width, lane, lanes, false, x);
    gather_lanes<T, W>(f.y + dy, p.d2, C, whole, width, lane, lanes, shared, y);
    if (f.x2) {
      gather_lanes<T, W>(f.x2 + dx, p.d1, C, whole, width, lane, lanes, false, x2);
      gather_lanes<T, W>(f.y2 + dy, p.d2, C, whole, width, lane, lanes, shared, y2);
      forward_tile<T, R, false, true>(p, {x, W}, {y, W}, {x2, W}, {y2, W}, {z, W}, slots);
    } else {
      forward_tile<T, R, false, false>(p, {x, W}, {y, W}, {x, W}, {y, W}, {z, W}, slots);
    }
    scatter_lanes<T, W>(z, p.d3, C, whole, width, lane, lanes, false, f.z + p.d3 * C * begin);
  }
}

template <typename T>
void forward(std::int64_t begin, std::int64_t end, const ProgramView<T>& p, const BilinearForward<T>& f) {
  if (f.channels == 1)
    forward_rows<T, 4>(begin, end, p, f);
  else if (f.shared)
    forward_channels<T, true>(begin, end, p, f);
  else
    forward_channels<T, false>(begin, end, p, f);
}

// ---- backward

template <typename T, int R>
void backward_rows(std::int64_t begin, std::int64_t end, const ProgramView<T>& p, const BilinearBackward<T>& f) {
  constexpr int W = R * Register<T>::wide;
  const std::int64_t tiles = 2 * (p.d1 + p.d2) + p.d3 + p.slots + 1;
  Space space(static_cast<std::size_t>(tiles) * W * sizeof(T));
  T* const x = reinterpret_cast<T*>(space.take<T>(tiles * R));
  T *const y = x + p.d1 * W, *const to_x = y + p.d2 * W, *const to_y = to_x + p.d1 * W, *const z = to_y + p.d2 * W,
          *const slots = z + p.d3 * W;
  for (std::int64_t n = begin; n < end; n += W) {
    const std::int64_t rows = end - n < W ? end - n : W, after = end - n - rows;
    if (f.to_y) gather_rows<T, R>(f.x + n * p.d1, p.d1, rows, after * p.d1, x);
    if (f.to_x) gather_rows<T, R>(f.y + n * p.d2, p.d2, rows, after * p.d2, y);
    gather_rows<T, R>(f.z + n * p.d3, p.d3, rows, after * p.d3, z);
    backward_tile<T, R, false>(p, {z, W}, {x, W}, {y, W}, {f.to_x ? to_x : nullptr, W}, {f.to_y ? to_y : nullptr, W}, slots);
    if (f.to_x) scatter_rows<T, R>(to_x, p.d1, rows, f.to_x + n * p.d1);
    if (f.to_y) scatter_rows<T, R>(to_y, p.d2, rows, f.to_y + n * p.d2);
  }
}

template <typename T, int R, bool shared>
inline void backward_channels_at(std::int64_t n, std::int64_t c, const ProgramView<T>& p, const BilinearBackward<T>& f, T* slots, T* part) {
  constexpr int W = R * Register<T>::wide;
  const std::int64_t C = f.channels, xs = n * p.d1 * C + c, ys = shared ? n * p.d2 : n * p.d2 * C + c;
  const Operand<const T> z{f.z + n * p.d3 * C + c, C}, x{f.to_y ? f.x + xs : nullptr, C};
  const Operand<const T, shared> y{f.to_x ? f.y + ys : nullptr, shared ? 1 : C};
  const Operand<T> to_x{f.to_x ? f.to_x + xs : nullptr, C};
  if (!shared || !f.to_y) {
    backward_tile<T, R, shared>(p, z, x, y, to_x, {f.to_y ? f.to_y + ys : nullptr, C}, slots);
    return;
  }
  backward_tile<T, R, shared>(p, z, x, y, to_x, {part, W}, slots);
  for (std::int64_t j = 0; j < p.d2; ++j) {
    T sum = 0;
    for (int l = 0; l < W; ++l) sum += part[j * W + l];
    f.to_y[ys + j] += sum;
  }
}

template <typename T, bool shared>
void backward_channels(std::int64_t begin, std::int64_t end, const ProgramView<T>& p, const BilinearBackward<T>& f) {
  constexpr int wide = Register<T>::wide, R = 4, W = R * wide;
  const std::int64_t C = f.channels, whole = C / wide * wide, width = C - whole;
  const std::int64_t tiles = 2 * (p.d1 + p.d2) + p.d3 + p.slots + 1;
  Space space(static_cast<std::size_t>(tiles) * W * sizeof(T));
  T* const slots = reinterpret_cast<T*>(space.take<T>(tiles * R));
  T *const x = slots + p.slots * W, *const y = x + p.d1 * W, *const to_x = y + p.d2 * W, *const to_y = to_x + p.d1 * W,
          *const z = to_y + p.d2 * W;
  for (std::int64_t n = begin; n < end; ++n) {
    if (shared && f.to_y)
      for (std::int64_t j = 0; j < p.d2; ++j) f.to_y[n * p.d2 + j] = 0;
    std::int64_t c = 0;
    for (; c + W <= whole; c += W) backward_channels_at<T, R, shared>(n, c, p, f, slots, to_y);
    for (; c < whole; c += wide) backward_channels_at<T, 1, shared>(n, c, p, f, slots, to_y);
  }
  if (!width) return;
  const std::int64_t lanes = (end - begin) * width, dx = p.d1 * C * begin, dy = p.d2 * (shared ? 1 : C) * begin;
  for (std::int64_t lane = 0; lane < lanes; lane += W) {
    if (f.to_y) gather_lanes<T, W>(f.x + dx, p.d1, C, whole, width, lane, lanes, false, x);
    if (f.to_x) gather_lanes<T, W>(f.y + dy, p.d2, C, whole, width, lane, lanes, shared, y);
    gather_lanes<T, W>(f.z + p.d3 * C * begin, p.d3, C, whole, width, lane, lanes, false, z);
    backward_tile<T, R, false>(p, {z, W}, {x, W}, {y, W}, {f.to_x ? to_x : nullptr, W}, {f.to_y ? to_y : nullptr, W}, slots);
    if (f.to_x) scatter_lanes<T, W>(to_x, p.d1, C, whole, width, lane, lanes, false, f.to_x + dx);
    if (f.to_y) scatter_lanes<T, W>(to_y, p.d2, C, whole, width, lane, lanes, shared, f.to_y + dy);
  }
}

template <typename T>
void backward(std::int64_t begin, std::int64_t end, const ProgramView<T>& p, const BilinearBackward<T>& f) {
  if (f.channels == 1)
    backward_rows<T, 4>(begin, end, p, f);
  else if (f.shared)
    backward_channels<T, true>(begin, end, p, f);
  else
    backward_channels<T, false>(begin, end, p, f);
}
}  // namespace

void bilinear_forward_range(std::int64_t begin, std::int64_t end, const ProgramView<double>& p, BilinearForward<double> f) {
  forward<double>(begin, end, p, f);
}
void bilinear_forward_range(std::int64_t begin, std::int64_t end, const ProgramView<float>& p, BilinearForward<float> f) {
  forward<float>(begin, end, p, f);
}
void bilinear_backward_range(std::int64_t begin, std::int64_t end, const ProgramView<double>& p, BilinearBackward<double> f) {
  backward<double>(begin, end, p, f);
}
void bilinear_backward_range(std::int64_t begin, std::int64_t end, const ProgramView<float>& p, BilinearBackward<float> f) {
  backward<float>(begin, end, p, f);
}
}  // namespace erlangen::ERLANGEN_LEVEL
