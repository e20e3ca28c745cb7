#pragma once

namespace workbench {

// Hands TensorFlow the convolutions, and the gradients of them, whose stride is as large as their kernel. @returns whether it took them
bool RegisterBlockConvolutions();

}  // namespace workbench
