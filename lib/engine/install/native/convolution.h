// Operations of TensorFlow's graph for 3x3 convolutions that keep the size of their images, with their gradients; see
// lib/engine/kernels/tensorflow/convolutions.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterConvolutions();

}  // namespace workbench
