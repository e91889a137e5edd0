// The scan over F_p, plain and deformed.
// Definition: make_engine with the ring PrimeField.
// Convention: one file a ring, so that they compile side by side.
#include "engine_scan.hpp"

namespace erlangen::khovanov {

std::unique_ptr<Engine> prime_engine(Task task, std::uint32_t p) { return make_engine(std::move(task), PrimeField(p)); }

}  // namespace erlangen::khovanov
