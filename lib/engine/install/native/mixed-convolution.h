// Operations of TensorFlow's graph for convolutions whose kernels are mixed for every sample, with their gradients; see
// lib/engine/kernels/mixed-convolution.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterMixedConvolutions();

}  // namespace workbench
