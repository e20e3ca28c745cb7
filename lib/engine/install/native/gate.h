// The two linear layers by which a gate weighs experts, with their gradients; see lib/engine/kernels/gate.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterGates();

}  // namespace workbench
