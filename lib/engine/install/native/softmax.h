// Probabilities of classes, with their gradient; see lib/engine/kernels/softmax.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterSoftmax();

}  // namespace workbench
