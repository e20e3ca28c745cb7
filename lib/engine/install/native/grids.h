// What operations on images share: an image with zeros round it, the loops with the memory that they work in, and the choice between them.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>
#include "loops.h"
#include "operation.h"

namespace workbench {

// A line of the cache. Registers that are read or written across two of them take twice the time.
constexpr size_t kLine = 64;

// Working memory of a thread, kept for the next operation: nothing is allocated once every layer has been passed.
template <int number>
float *Scratch(int64_t size) {
  thread_local std::vector<float> memory;
  const size_t wanted = size + kLine / sizeof(float);
  if (memory.size() < wanted) memory.resize(wanted);
  void *aligned = memory.data();
  size_t space = memory.size() * sizeof(float);
  return static_cast<float *>(std::align(kLine, size * sizeof(float), aligned, space));
}

// A kernel `[row, column, large, small]` for the gradient in the larger image: turned by half, with its channels exchanged.
void Turn(const Loops &loops, int64_t taps, int64_t large, int64_t small, const float *kernel, float *turned);

// Convolutions with stride 1 that keep the size of their images, of a batch: the kernel, or its gradient, is that of all samples.
struct SameSize {
  Tiling tiling;
  int64_t taps;
  // Whether tiles can do it, and are faster.
  bool tiled() const;
  Grid grid() const { return {tiling.rows, tiling.columns, taps, 1, tiling.columns + taps - 1, tiling.large, tiling.small, 1, tiling.columns}; }
};

// Tiles `first` to `end` of the batch.
void CorrelateTiles(const Loops &loops, const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *kernel, const Epilogue &after,
                    float *small);
void OuterTiles(const Loops &loops, const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *small, float *kernel);

// One sample of the batch, by the fastest loops.
void CorrelateSample(const Loops &loops, const SameSize &layer, const float *large, const float *kernel, const Epilogue &after, float *small);
void OuterSample(const Loops &loops, const SameSize &layer, const float *large, const float *small, float *kernel);

// The same for layers that tiles cannot do, added to what was there.
void AddOuterSample(const Loops &loops, const SameSize &layer, const float *large, const float *small, float *kernel);

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
