// The register of an instruction set, for kernels that name what stays in it.
// Definition: Register<T>::lanes holds `wide` entries; Register<T>::loose is the same in memory, wherever it lies.
// Convention: included by the files of kernels/ only, where ERLANGEN_LEVEL names the namespace.
#pragma once

namespace erlangen::ERLANGEN_LEVEL {

#if defined(__AVX512F__)
constexpr int register_bytes = 64;
#elif defined(__AVX__)
constexpr int register_bytes = 32;
#else
constexpr int register_bytes = 16;
#endif
constexpr int line_bytes = 64;

template <typename T>
struct Register {
  typedef T lanes __attribute__((vector_size(register_bytes)));
  typedef T loose __attribute__((vector_size(register_bytes), aligned(alignof(T)), may_alias));
  static constexpr int wide = register_bytes / sizeof(T);
};

// Ask for the cache lines that hold `size` bytes from `source` on.
inline void fetch(const void* source, int size) {
  const char* from = static_cast<const char*>(source);
  for (int at = 0; at < size; at += line_bytes) __builtin_prefetch(from + at);
  __builtin_prefetch(from + size - 1);
}

}  // namespace erlangen::ERLANGEN_LEVEL
