// The scan over Z, plain and deformed.
// Definition: make_engine with the ring Integers.
// Convention: one file a ring, so that they compile side by side.
#include "engine_scan.hpp"

namespace erlangen::khovanov {

std::unique_ptr<Engine> integer_engine(Task task) { return make_engine(std::move(task), Integers{}); }

}  // namespace erlangen::khovanov
