// Convolutions of single pixels to fewer channels than a register holds, such as to the classes of a segmentation.
#pragma once

#include "loops.h"

namespace workbench {

bool IsNarrow(const Grid &grid);

// As `correlate` of a grid that is narrow.
void CorrelateNarrow(const Loops &loops, const Grid &grid, const float *image, const float *kernel, float *result);

}  // namespace workbench
