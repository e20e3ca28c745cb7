// A step of Adam over all parameters; see lib/engine/kernels/adam.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterOptimiser();

}  // namespace workbench
