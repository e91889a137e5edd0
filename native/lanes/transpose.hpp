// Rows of memory to registers of one component each, and back.
// Definition: a block of `wide` rows is exchanged by log2(wide) rounds of shuffles; the widest exchange comes first.
// Convention: included by the files of kernels/ only.
#pragma once

#include "register.hpp"

namespace erlangen::ERLANGEN_LEVEL {

template <typename T>
struct Whole;
template <>
struct Whole<double> {
  typedef long long type __attribute__((vector_size(register_bytes)));
};
template <>
struct Whole<float> {
  typedef int type __attribute__((vector_size(register_bytes)));
};

// Exchange the off-diagonal blocks of size `half` between a[r] and a[r + half]; only the first `keep` registers are wanted at the end.
template <typename T, int half, int keep>
struct Exchange {
  static inline void run(typename Register<T>::lanes* a) {
    using lanes = typename Register<T>::lanes;
    constexpr int wide = Register<T>::wide;
    typename Whole<T>::type low, high;
#pragma GCC unroll 16
    for (int l = 0; l < wide; ++l) {
      const bool second = (l / half) % 2;
      low[l] = second ? wide + l - half : l;
      high[l] = second ? wide + l : l + half;
    }
#pragma GCC unroll 16
    for (int r = 0; r < wide; ++r) {
      if ((r / half) % 2 || r >= (keep > 2 * half ? keep : 2 * half)) continue;
      const lanes first = a[r], second = a[r + half];
      a[r] = __builtin_shuffle(first, second, low);
      if (half < keep) a[r + half] = __builtin_shuffle(first, second, high);
    }
    if constexpr (half > 1) Exchange<T, half / 2, keep>::run(a);
  }
};

template <typename T, int keep = Register<T>::wide>
inline void transpose(typename Register<T>::lanes* a) {
  Exchange<T, Register<T>::wide / 2, keep>::run(a);
}

}  // namespace erlangen::ERLANGEN_LEVEL
