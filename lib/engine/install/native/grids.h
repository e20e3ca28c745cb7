// What operations on images share: an image with zeros round it, and the loops with the memory that they work in.
#pragma once

#include <cstdint>
#include <functional>
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

// A kernel `[row, column, large, small]` for the gradient in the larger image: turned by half, with its channels exchanged.
void Turn(const Loops &loops, int64_t taps, int64_t large, int64_t small, const float *kernel, float *turned);

// A convolution with stride 1 that keeps the size of its image, and what it adds to the gradient in its kernel, by the fastest loops.
void ConvolveSame(const Loops &loops, const Image &image, int64_t taps, const float *x, const float *kernel, const Epilogue &after, float *y);
void AddOuterSame(const Loops &loops, const Image &image, int64_t taps, const float *x, const float *dy, float *kernel);

void Correlate(const Loops &loops, const Grid &grid, const float *large, const float *kernel, const Epilogue &after, float *small);
void AddOuter(const Loops &loops, const Grid &grid, const float *large, const float *small, float *kernel);

// Adds what each sample adds to a gradient of `size` numbers: as many parts as there are threads, added in their order.
void SumOverSamples(int64_t batch, int64_t size, float *gradient, const std::function<void(int64_t sample, float *sums)> &add);

// What the library calls for an operation that is computed with the loops of this processor.
template <void (*compute)(const Loops &, Operation &)>
void Compute(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  compute(*BestLoops(), operation);
}

// For one that can be given a bias, without it, and with a bias as its third input.
template <void (*compute)(const Loops &, Operation &, const Epilogue &)>
void Compute(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  compute(*BestLoops(), operation, {});
}

template <void (*compute)(const Loops &, Operation &, const Epilogue &), bool relu>
void ComputeBiased(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  const Operand bias = operation.input(2);
  compute(*BestLoops(), operation, {bias.values(), relu});
}

}  // namespace workbench
