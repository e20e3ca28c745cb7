// What operations on images share: an image with zeros round it, and the loops with the memory that they work in.
#pragma once

#include <cstdint>
#include <vector>
#include "loops.h"
#include "operation.h"

namespace workbench {

// Working memory of a thread, kept for the next operation: nothing is allocated once every layer has been passed.
template <int number>
float *Scratch(int64_t size) {
  thread_local std::vector<float> memory;
  if (static_cast<int64_t>(memory.size()) < size) memory.resize(size);
  return memory.data();
}

// Puts zeros round an image, as many as a kernel looks beyond its edge. @returns the image itself where that is none
const float *Padded(const float *image, int64_t rows, int64_t columns, int64_t channels, int64_t taps);

// A kernel `[row, column, large, small]` for the gradient in the larger image: turned by half, with its channels exchanged.
void Turn(const Loops &loops, int64_t taps, int64_t large, int64_t small, const float *kernel, float *turned);

// The grid of a convolution with stride 1 that keeps the size of its image, over the padded image.
Grid SameSize(int64_t rows, int64_t columns, int64_t taps, int64_t large, int64_t small);

void Correlate(const Loops &loops, const Grid &grid, const float *large, const float *kernel, float *small);
void AddOuter(const Loops &loops, const Grid &grid, const float *large, const float *small, float *kernel);

// What the library calls for an operation that is computed with the loops of this processor.
template <void (*compute)(const Loops &, Operation &)>
void Compute(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  compute(*BestLoops(), operation);
}

}  // namespace workbench
