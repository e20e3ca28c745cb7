// Max-pooling by windows of 2x2 pixels and the gradient of max-pooling by any; see lib/engine/kernels/tensorflow/pooling.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterPooling();

}  // namespace workbench
