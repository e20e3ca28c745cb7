// Batch normalisation followed by ReLU, with its gradients; see lib/engine/kernels/batch-norm.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterNormalisation();

}  // namespace workbench
