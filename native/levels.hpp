// Run-time choice of the instruction set.
// Definition: a level is runnable if it was compiled in and the processor reports all its features.
// Convention: level names are "baseline", "avx2", "avx512"; "auto" is the best runnable one.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace erlangen {

inline std::vector<std::string> runnable_levels() {
  std::vector<std::string> levels{"baseline"};
#ifdef ERLANGEN_HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) levels.emplace_back("avx2");
#endif
#ifdef ERLANGEN_HAS_AVX512
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    levels.emplace_back("avx512");
#endif
  return levels;
}

inline std::string resolve_level(const std::string& level) {
  const auto levels = runnable_levels();
  if (level == "auto") return levels.back();
  for (const auto& name : levels)
    if (name == level) return level;
  throw std::invalid_argument("level '" + level + "' does not run on this machine");
}

}  // namespace erlangen
