// Bindings: messages over the edges of a graph: gathered, multiplied, summed at the receiver.
// Definition: see the Python twins.
// Convention: arguments are checked here and refused with ValueError; the interpreter lock is released around every kernel.
#include "bindings.hpp"
#include "dispatch.hpp"

namespace erlangen {

void bind_messages(nb::module_&) {}

}  // namespace erlangen
