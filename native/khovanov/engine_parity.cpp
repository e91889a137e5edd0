// The scan over F_2, plain and deformed.
// Definition: make_engine with the ring Parity.
// Convention: one file a ring, so that they compile side by side.
#include "engine_scan.hpp"

namespace erlangen::khovanov {

std::unique_ptr<Engine> parity_engine(Task task) { return make_engine(std::move(task), Parity{}); }

}  // namespace erlangen::khovanov
