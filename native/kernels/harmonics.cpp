// Spherical harmonics and their derivatives, a point in each lane.
// Definition: R_{l,+-m} = q_lm {c_m, s_m}, c + i s = (z + i x)^m; the gradient of degree l is a combination of degree l - 1 (harmonics.hpp);
// see the Python twin in representations/solid_harmonics.
// Convention: off the sphere with `normalize` everything is taken at u = v / |v|, and is zero with its derivatives where v = 0; lanes never mix.
#include "harmonics.hpp"

#include <cstdint>

#include "lanes/rows.hpp"

namespace erlangen::ERLANGEN_LEVEL {
namespace {

template <typename T>
using Lanes = typename Lane<T>::lanes;
template <typename T>
using Stored = typename Lane<T>::stored;

template <typename T>
struct Vector {
  Lanes<T> x, y, z;
};

template <typename T>
inline Lanes<T> dot(const Vector<T>& a, const Vector<T>& b) {
  return fused(a.x, b.x, fused(a.y, b.y, a.z * b.z));
}

template <typename T>
inline Vector<T> scaled(Lanes<T> s, const Vector<T>& a) {
  return {s * a.x, s * a.y, s * a.z};
}

// a - s b
template <typename T>
inline Vector<T> less(const Vector<T>& a, Lanes<T> s, const Vector<T>& b) {
  return {drained(s, b.x, a.x), drained(s, b.y, a.y), drained(s, b.z, a.z)};
}

// The points of a group and 1 / |v|; unit vectors if they are normalised.
template <typename T>
struct Points {
  Vector<T> u;
  Lanes<T> inverse;
};

constexpr double smallest_square(double) { return 0x1p-900; }
constexpr float smallest_square(float) { return 0x1p-100f; }

// `doubt` is set where a point may not be finite.
template <typename T>
inline Points<T> normalised(const Vector<T>& v, bool& doubt) {
  const Lanes<T> one = all<T>(1), zero = all<T>(0);
  const Lanes<T> square = dot(v, v);
  const T low = smallest_square(T{}), high = 1 / low;
  const auto extreme = static_cast<Mask<T>>(~(above(square, all<T>(low)) & above(all<T>(high), square)));
  const Lanes<T> inverse = one / root(square);
  const Points<T> plain{scaled<T>(inverse, v), inverse};
  if (!any(extreme)) return plain;
  doubt = true;
  Lanes<T> top = magnitude(v.x);  // the lanes whose squares would leave the range, scaled first
  top = select(above(magnitude(v.y), top), magnitude(v.y), top);
  top = select(above(magnitude(v.z), top), magnitude(v.z), top);
  const auto some = above(top, zero);
  const Lanes<T> safe = select(some, top, one);
  const Vector<T> w{v.x / safe, v.y / safe, v.z / safe};
  const Lanes<T> again = one / root(select(some, dot(w, w), one));
  return {{select(extreme, again * w.x, plain.u.x), select(extreme, again * w.y, plain.u.y), select(extreme, again * w.z, plain.u.z)},
          select(extreme, select(some, again / safe, zero), inverse)};
}

template <typename T>
inline Points<T> points(const Vector<T>& v, bool normalize, bool& doubt) {
  if (normalize) return normalised<T>(v, doubt);
  const auto vast = static_cast<Mask<T>>(~above(all<T>(Limits<T>::infinity), magnitude(v.x) + magnitude(v.y) + magnitude(v.z)));
  doubt |= any(vast);
  return {v, all<T>(1)};
}

template <typename T>
inline Points<T> points(const Vector<T>& v, bool normalize) {
  bool doubt = false;
  return points<T>(v, normalize, doubt);
}

// The first of the rows that is not finite, or -1.
template <typename T>
inline std::int64_t first_not_finite(const T* v, std::int64_t begin, std::int64_t end) {
  for (std::int64_t k = 3 * begin; k < 3 * end; ++k)
    if (!(v[k] < Limits<T>::infinity && v[k] > -Limits<T>::infinity)) return k / 3;
  return -1;
}

// The harmonics of degrees up to lmax <= table.lmax, a component in each register of the tile; loops of a fixed degree are unrolled.
template <typename T, int fixed = -1>
inline void values(const HarmonicTable<T>& table, int most, const Vector<T>& u, Stored<T>* tile) {
  const int lmax = fixed < 0 ? most : fixed;
  const Lanes<T> square = dot(u, u);
  Lanes<T> c = all<T>(1), s = all<T>(0);
#pragma GCC unroll 8
  for (int m = 0; m <= lmax; ++m) {
    Lanes<T> before = all<T>(0), q = all<T>(table.top[m]);
#pragma GCC unroll 8
    for (int l = m; l <= lmax; ++l) {
      Stored<T>* centre = tile + l * l + l;
      if (m > 0) centre[-m] = q * s;
      centre[m] = m > 0 ? q * c : q;
      if (l == lmax) break;
      const std::int64_t row = row_at(l + 1) + m;
      Lanes<T> next = all<T>(table.a[row]) * u.y * q;
      if (l > m) next = drained(all<T>(table.b[row]) * square, before, next);
      before = q;
      q = next;
    }
    if (m == 0) {
      c = u.z;
      s = u.x;
    } else {
      const Lanes<T> wave = drained(u.x, s, u.z * c);
      s = fused(u.z, s, u.x * c);
      c = wave;
    }
  }
}

// The derivatives of R_{l,m} and R_{l,-m}, m > 0, from the degree below.
template <typename T>
struct Slope {
  Vector<T> c, s;
};

template <typename T>
inline Slope<T> slope(const HarmonicTable<T>& table, int l, int m, const Stored<T>* below) {
  const std::int64_t row = row_at(l) + m;
  const Stored<T>* centre = below + l * (l - 1);  // of degree l - 1: (l - 1)^2 + l - 1
  const Lanes<T> down = all<T>(table.down[row]), zero = all<T>(0);
  const Lanes<T> cd = down * centre[m - 1], sd = m > 1 ? down * centre[1 - m] : zero;
  Slope<T> out{{-sd, zero, cd}, {cd, zero, sd}};
  if (m < l) {
    const Lanes<T> flat = all<T>(table.flat[row]);
    out.c.y = flat * centre[m];
    out.s.y = flat * centre[-m];
  }
  if (m + 1 < l) {
    const Lanes<T> up = all<T>(table.up[row]), cu = centre[m + 1], su = centre[-m - 1];
    out.c.z = drained(up, cu, out.c.z);
    out.c.x = drained(up, su, out.c.x);
    out.s.z = drained(up, su, out.s.z);
    out.s.x = fused(up, cu, out.s.x);
  }
  return out;
}

// The derivatives of R_{l,0}.
template <typename T>
inline Vector<T> axial_slope(const HarmonicTable<T>& table, int l, const Stored<T>* below) {
  const std::int64_t row = row_at(l);
  const Stored<T>* centre = below + l * (l - 1);
  Vector<T> out{all<T>(0), all<T>(table.flat[row]) * centre[0], all<T>(0)};
  if (l > 1) {
    const Lanes<T> up = all<T>(-table.up[row]);
    out.x = up * centre[-1];
    out.z = up * centre[1];
  }
  return out;
}

// sum_k g_k grad R_k at u.
template <typename T>
inline Vector<T> pullback(const HarmonicTable<T>& table, int lmax, const Stored<T>* below, const Stored<T>* g) {
  Vector<T> out{all<T>(0), all<T>(0), all<T>(0)};
  for (int l = 1; l <= lmax; ++l) {
    const Stored<T>* centre = g + l * l + l;
    const Vector<T> axial = axial_slope<T>(table, l, below);
    out = less<T>(out, -centre[0], axial);
    for (int m = 1; m <= l; ++m) {
      const Slope<T> pair = slope<T>(table, l, m, below);
      out = less<T>(less<T>(out, -centre[m], pair.c), -centre[-m], pair.s);
    }
  }
  return out;
}

// g'_{k'} = sum_d a_d (D_d^T g)_{k'}: cotangents of the degree below, as a derivative along a makes them.
template <typename T>
inline void lower(const HarmonicTable<T>& table, const Vector<T>& a, const Stored<T>* g, Stored<T>* out) {
  for (int l = 1; l <= table.lmax; ++l) {
    const Stored<T>* from = g + l * l + l;
    Stored<T>* to = out + l * (l - 1);
    const std::int64_t row = row_at(l);
    const T *flat = table.flat + row, *down = table.down + row, *up = table.up + row;
    const Lanes<T> first = all<T>(down[1]);
    to[0] = fused(all<T>(flat[0]) * a.y, Lanes<T>(from[0]), first * fused(a.z, Lanes<T>(from[1]), a.x * from[-1]));
    for (int m = 1; m < l; ++m) {
      const Lanes<T> d = all<T>(down[m + 1]), f = all<T>(flat[m]) * a.y, u = all<T>(up[m - 1]);
      const Lanes<T> cd = from[m + 1], sd = from[-m - 1], cu = from[m - 1], su = m > 1 ? Lanes<T>(from[1 - m]) : all<T>(0);
      to[m] = fused(d, fused(a.z, cd, a.x * sd), fused(f, Lanes<T>(from[m]), u * drained(a.z, cu, a.x * su)));
      to[-m] = fused(d, drained(a.x, cd, a.z * sd), drained(u, fused(a.z, su, a.x * cu), f * from[-m]));
    }
  }
}

// The directional derivatives of all components along a.
template <typename T>
inline void along(const HarmonicTable<T>& table, const Vector<T>& a, const Stored<T>* below, Stored<T>* out) {
  out[0] = all<T>(0);
  for (int l = 1; l <= table.lmax; ++l) {
    Stored<T>* centre = out + l * l + l;
    centre[0] = dot(a, axial_slope<T>(table, l, below));
    for (int m = 1; m <= l; ++m) {
      const Slope<T> pair = slope<T>(table, l, m, below);
      centre[m] = dot(a, pair.c);
      centre[-m] = dot(a, pair.s);
    }
  }
}

template <typename T>
inline std::int64_t components(int lmax) {
  return static_cast<std::int64_t>(lmax + 1) * (lmax + 1);
}

// W rows of an array, or, at its end, a copy of those that are left with rows of ones behind them; large results go past the caches.
template <typename T>
class Rows {
 public:
  Rows(std::int64_t length, typename Lane<T>::stored* space) : length_(length), space_(space) {}

  const T* read(const T* from, std::int64_t at, std::int64_t end) const {
    const std::int64_t count = end - at, wide = Lane<T>::wide;
    if (count >= wide) return from + at * length_;
    T* copy = numbers();
    for (std::int64_t k = 0; k < wide * length_; ++k) copy[k] = k < count * length_ ? from[at * length_ + k] : T{1};
    return copy;
  }
  void stream_if_large(const T* to, std::int64_t begin, std::int64_t end) {
    constexpr std::int64_t large = 4 << 20;  // bytes: what the last cache of a processor does not keep
    const bool aligned = reinterpret_cast<std::uintptr_t>(to + begin * length_) % register_bytes == 0;
    streamed_ = aligned && (end - begin) * length_ * static_cast<std::int64_t>(sizeof(T)) > large;
  }
  T* target(T* to, std::int64_t at, std::int64_t end) const {
    return end - at >= Lane<T>::wide && !streamed_ ? to + at * length_ : numbers();
  }
  void finish(T* to, std::int64_t at, std::int64_t end) const {
    if (end - at < Lane<T>::wide)
      __builtin_memcpy(to + at * length_, space_, static_cast<std::size_t>((end - at) * length_) * sizeof(T));
    else if (streamed_)
      stream<T>(space_, length_, to + at * length_);
    if (streamed_ && end - at <= Lane<T>::wide) stream_end();
  }

 private:
  T* numbers() const { return reinterpret_cast<T*>(space_); }

  std::int64_t length_;
  typename Lane<T>::stored* space_;
  bool streamed_ = false;
};

template <typename T>
inline Rows<T> rows(std::int64_t length, Space& space) {
  return {length, space.take<T>(length)};
}

template <typename T>
inline Vector<T> vectors(const T* from) {
  Vector<T> v;
  read_vectors(from, v.x, v.y, v.z);
  return v;
}

template <typename T>
inline void write_vectors(const Vector<T>& v, T* out) {
  for (int k = 0; k < Lane<T>::wide; ++k) {
    out[3 * k] = v.x[k];
    out[3 * k + 1] = v.y[k];
    out[3 * k + 2] = v.z[k];
  }
}

// Call body(first point, points) for all groups; those of a block are normalised together, for their roots and quotients take long. Returned is the
// first point that is not finite, or -1.
template <typename T, bool inverses = true, typename Body>
inline std::int64_t each_group(std::int64_t begin, std::int64_t end, bool normalize, const Rows<T>& in, const T* v, Body&& body) {
  constexpr std::int64_t block = 16 * Lane<T>::wide;
  Stored<T> space[4 * 16];
  std::int64_t wrong = -1;
  for (std::int64_t from = begin; from < end; from += block) {
    const std::int64_t to = from + block < end ? from + block : end;
    Stored<T>* kept = space;
    bool doubt = false;
    for (std::int64_t at = from; at < to; at += Lane<T>::wide, kept += 4) {
      const Points<T> p = points<T>(vectors<T>(in.read(v, at, end)), normalize, doubt);
      kept[0] = p.u.x, kept[1] = p.u.y, kept[2] = p.u.z;
      if constexpr (inverses) kept[3] = p.inverse;
    }
    if (doubt && wrong < 0) wrong = first_not_finite(v, from, to);
    kept = space;
    for (std::int64_t at = from; at < to; at += Lane<T>::wide, kept += 4)
      body(at, Points<T>{{kept[0], kept[1], kept[2]}, inverses ? Lanes<T>(kept[3]) : all<T>(0)});
  }
  return wrong;
}

template <typename T, int fixed>
inline std::int64_t value_groups(std::int64_t begin, std::int64_t end, const HarmonicTable<T> table, const T* v, T* out) {
  const int lmax = fixed < 0 ? table.lmax : fixed;
  const std::int64_t K = components<T>(lmax);
  Space space(static_cast<std::size_t>(2 * K + 3) * register_bytes);
  Stored<T>* tile = space.take<T>(K);
  const Rows<T> in = rows<T>(3, space);
  Rows<T> full = rows<T>(K, space);
  full.stream_if_large(out, begin, end);
  return each_group<T, false>(begin, end, table.normalize, in, v, [&](std::int64_t at, const Points<T>& p) {
    if constexpr (fixed < 0) {
      values<T, fixed>(table, lmax, p.u, tile);
      write_tile<T>(static_cast<int>(K), tile, full.target(out, at, end), K);
    } else {
      Stored<T> here[(fixed + 1) * (fixed + 1)];  // few enough stay in registers
      values<T, fixed>(table, lmax, p.u, here);
      write_rows<T, (fixed + 1) * (fixed + 1)>(here, full.target(out, at, end), K);
    }
    full.finish(out, at, end);
  });
}

// Gradients of the group's components into three tiles, one after another.
template <typename T, int fixed>
inline void gradients(const HarmonicTable<T>& table, const Points<T>& p, const Stored<T>* tile, Stored<T>* out) {
  const int lmax = fixed < 0 ? table.lmax : fixed;
  const std::int64_t K = components<T>(lmax);
  out[0] = out[K] = out[2 * K] = all<T>(0);
  const bool normalize = table.normalize;
  const auto put = [&](std::int64_t k, const Vector<T>& radial, Vector<T> d) {
    if (normalize) d = scaled<T>(p.inverse, less<T>(d, tile[k], radial));
    out[k] = d.x;
    out[K + k] = d.y;
    out[2 * K + k] = d.z;
  };
  Vector<T> radial{all<T>(0), all<T>(0), all<T>(0)};  // l u
#pragma GCC unroll 8
  for (int l = 1; l <= lmax; ++l) {
    const std::int64_t centre = static_cast<std::int64_t>(l) * l + l;
    radial = {radial.x + p.u.x, radial.y + p.u.y, radial.z + p.u.z};
    put(centre, radial, axial_slope<T>(table, l, tile));
#pragma GCC unroll 8
    for (int m = 1; m <= l; ++m) {
      const Slope<T> pair = slope<T>(table, l, m, tile);
      put(centre + m, radial, pair.c);
      put(centre - m, radial, pair.s);
    }
  }
}

template <typename T, int fixed>
inline std::int64_t gradient_groups(std::int64_t begin, std::int64_t end, const HarmonicTable<T> table, const T* v, T* out, T* gradient) {
  const int lmax = fixed < 0 ? table.lmax : fixed;
  const std::int64_t K = components<T>(lmax);
  Space space(static_cast<std::size_t>(8 * K + 3) * register_bytes);
  Stored<T>*tile = space.take<T>(K), *sides = space.take<T>(3 * K);
  const Rows<T> in = rows<T>(3, space);
  Rows<T> full = rows<T>(K, space), triple = rows<T>(3 * K, space);
  full.stream_if_large(out, begin, end);
  triple.stream_if_large(gradient, begin, end);
  return each_group<T>(begin, end, table.normalize, in, v, [&](std::int64_t at, const Points<T>& p) {
    values<T, fixed>(table, lmax, p.u, tile);
    write_tile<T>(static_cast<int>(K), tile, full.target(out, at, end), K);
    full.finish(out, at, end);
    gradients<T, fixed>(table, p, tile, sides);
    T* target = triple.target(gradient, at, end);
    for (int d = 0; d < 3; ++d) write_tile<T>(static_cast<int>(K), sides + d * K, target + d * K, 3 * K);
    triple.finish(gradient, at, end);
  });
}

// The part of w across u, over |v|: what the normalisation lets through.
template <typename T>
inline Vector<T> across(const Points<T>& p, const Vector<T>& w) {
  return scaled<T>(p.inverse, less<T>(w, dot(p.u, w), p.u));
}

template <typename T>
inline void pullback_groups(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, const T* g, T* out) {
  const std::int64_t K = components<T>(table.lmax);
  Space space(static_cast<std::size_t>(3 * K + 6) * register_bytes);
  Stored<T>*tile = space.take<T>(K), *weight = space.take<T>(K);
  const Rows<T> in = rows<T>(3, space), result = rows<T>(3, space), full = rows<T>(K, space);
  for (std::int64_t at = begin; at < end; at += Lane<T>::wide) {
    const Points<T> p = points<T>(vectors<T>(in.read(v, at, end)), table.normalize);
    read_tile<T>(static_cast<int>(K), full.read(g, at, end), K, weight);
    values<T>(table, table.lmax - 1, p.u, tile);
    Vector<T> w = pullback<T>(table, table.lmax, tile, weight);
    if (table.normalize) w = across<T>(p, w);
    write_vectors<T>(w, result.target(out, at, end));
    result.finish(out, at, end);
  }
}

template <typename T>
inline void second_groups(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, const T* g, const T* h, T* out_v,
                          T* out_g) {
  const std::int64_t K = components<T>(table.lmax);
  Space space(static_cast<std::size_t>(6 * K + 9) * register_bytes);
  Stored<T>*tile = space.take<T>(K), *weight = space.take<T>(K), *lowered = space.take<T>(K), *side = space.take<T>(K);
  const Rows<T> in = rows<T>(3, space), upstream = rows<T>(3, space), result = rows<T>(3, space);
  const Rows<T> full = rows<T>(K, space), target = rows<T>(K, space);
  for (std::int64_t at = begin; at < end; at += Lane<T>::wide) {
    const Points<T> p = points<T>(vectors<T>(in.read(v, at, end)), table.normalize);
    const Vector<T> up = vectors<T>(upstream.read(h, at, end)), a = table.normalize ? across<T>(p, up) : up;
    read_tile<T>(static_cast<int>(K), full.read(g, at, end), K, weight);
    values<T>(table, table.lmax - 1, p.u, tile);
    along<T>(table, a, tile, side);
    write_tile<T>(static_cast<int>(K), side, target.target(out_g, at, end), K);
    target.finish(out_g, at, end);
    lower<T>(table, a, weight, lowered);
    Vector<T> bent = pullback<T>(table, table.lmax - 1, tile, lowered);
    if (table.normalize) {
      const Vector<T> w = pullback<T>(table, table.lmax, tile, weight);
      const Lanes<T> uw = dot(p.u, w) * p.inverse, uh = dot(p.u, up) * p.inverse;
      bent = less<T>(less<T>(bent, uw, up), uh, w);
      bent = less<T>(across<T>(p, bent), dot(a, w) * p.inverse, p.u);
    }
    write_vectors<T>(bent, result.target(out_v, at, end));
    result.finish(out_v, at, end);
  }
}
}  // namespace

// Loops of a fixed degree for the degrees that layers use.
#define ERLANGEN_BY_DEGREE(groups, T, ...)              \
  switch (table.lmax) {                                 \
    case 0: return groups<T, 0>(begin, end, __VA_ARGS__); \
    case 1: return groups<T, 1>(begin, end, __VA_ARGS__); \
    case 2: return groups<T, 2>(begin, end, __VA_ARGS__); \
    case 3: return groups<T, 3>(begin, end, __VA_ARGS__); \
    case 4: return groups<T, 4>(begin, end, __VA_ARGS__); \
    case 5: return groups<T, 5>(begin, end, __VA_ARGS__); \
    case 6: return groups<T, 6>(begin, end, __VA_ARGS__); \
    default: return groups<T, -1>(begin, end, __VA_ARGS__); \
  }

#define ERLANGEN_HARMONICS_FUNCTIONS(T)                                                                                          \
  std::int64_t harmonics_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, T* out) {        \
    ERLANGEN_BY_DEGREE(value_groups, T, table, v, out)                                                                           \
  }                                                                                                                              \
  std::int64_t harmonics_gradient_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, T* out, \
                                T* gradient) {                                                                                   \
    ERLANGEN_BY_DEGREE(gradient_groups, T, table, v, out, gradient)                                                              \
  }                                                                                                                              \
  void harmonics_pullback_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, const T* g,     \
                                T* out) {                                                                                        \
    pullback_groups<T>(begin, end, table, v, g, out);                                                                            \
  }                                                                                                                              \
  void harmonics_second_range(std::int64_t begin, std::int64_t end, const HarmonicTable<T>& table, const T* v, const T* g,       \
                              const T* h, T* out_v, T* out_g) {                                                                  \
    second_groups<T>(begin, end, table, v, g, h, out_v, out_g);                                                                  \
  }

ERLANGEN_HARMONICS_FUNCTIONS(double)
ERLANGEN_HARMONICS_FUNCTIONS(float)
}  // namespace erlangen::ERLANGEN_LEVEL
