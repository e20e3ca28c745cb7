// The mean over pixels that a gate looks at, with its gradient; see lib/engine/kernels/mean-over-pixels.ts.
#pragma once

namespace workbench {

// Makes the operations known to the library, once. @returns whether this processor can run them
bool RegisterPixelMeans();

}  // namespace workbench
