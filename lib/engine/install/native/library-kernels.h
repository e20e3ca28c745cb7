// The library's own operations whose results could depend on the processor, computed by us: their names and shapes stay.
#pragma once

namespace workbench {

// Takes the place of the library's kernels of Sum and Mean, and of Exp, Log, Sqrt, Rsqrt and Sigmoid, of float32. @returns whether it took them
bool ReplaceLibraryKernels();

}  // namespace workbench
