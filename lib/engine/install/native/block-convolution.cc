// Convolutions whose stride is as large as their kernel, so that every pixel of the smaller image has a block of the larger one to itself:
// those of single pixels, and the gradients of transposed convolutions. In the other direction they are transposed convolutions.
// Kernels are `[row, column, channel of the larger image, channel of the smaller one]`.
#include "block-convolution.h"

#include <cstring>
#include <vector>
#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

struct Blocks {
  // Of the smaller image.
  int64_t rows, columns;
  int64_t taps, large, small;
  // Numbers in an image.
  int64_t large_size() const { return rows * columns * taps * taps * large; }
  int64_t small_size() const { return rows * columns * small; }
  int64_t kernel_size() const { return taps * taps * large * small; }
  Grid grid() const { return {rows, columns, taps, taps, columns * taps, large, small, 1, columns}; }
};

// The larger image and a kernel to the smaller one.
void Convolve(const Loops &loops, Operation &operation, const Epilogue &after) {
  const Operand x = operation.input(0), kernel = operation.input(1);
  const int64_t batch = x.dim(0), taps = kernel.dim(0);
  const Blocks blocks = {x.dim(1) / taps, x.dim(2) / taps, taps, kernel.dim(2), kernel.dim(3)};
  float *y = operation.output(0, {batch, blocks.rows, blocks.columns, blocks.small});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    loops.correlate(blocks.grid(), x.values() + sample * blocks.large_size(), kernel.values(), after, y + sample * blocks.small_size());
  });
}

// The smaller image and a kernel to the larger one. A row of a block lies in one piece: it is one pixel with so many more channels.
void Enlarge(const Loops &loops, Operation &operation, const Epilogue &after) {
  const Operand x = operation.input(0), kernel = operation.input(1);
  const int64_t batch = x.dim(0), taps = kernel.dim(0);
  const Blocks blocks = {x.dim(1), x.dim(2), taps, kernel.dim(2), kernel.dim(3)};
  float *y = operation.output(0, {batch, blocks.rows * taps, blocks.columns * taps, blocks.large});
  if (operation.failed()) return;
  const int64_t row_channels = taps * blocks.large, row_area = row_channels * blocks.small;
  float *turned = Scratch<1>(blocks.kernel_size() + row_channels), *bias = turned + blocks.kernel_size();
  for (int64_t row = 0; row < taps; row++) loops.transpose(row_channels, blocks.small, kernel.values() + row * row_area, turned + row * row_area);
  for (int64_t i = 0; after.bias && i < row_channels; i++) bias[i] = after.bias[i % blocks.large];
  const Grid grid = {blocks.rows, blocks.columns, 1, 1, blocks.columns, blocks.small, row_channels, 1, blocks.columns * taps};
  ForEachSample(batch, [&](int64_t sample) {
    for (int64_t row = 0; row < taps; row++) {
      float *to = y + sample * blocks.large_size() + row * blocks.columns * row_channels;
      loops.correlate(grid, x.values() + sample * blocks.small_size(), turned + row * row_area, {after.bias ? bias : nullptr, after.relu}, to);
    }
  });
}

// The larger image and the gradient in the smaller one to the gradient in the kernel.
void KernelGradient(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), dy = operation.input(1);
  const int64_t taps = x.dim(1) / dy.dim(1);
  const Blocks blocks = {dy.dim(1), dy.dim(2), taps, x.dim(3), dy.dim(3)};
  float *gradient = operation.output(0, {taps, taps, blocks.large, blocks.small});
  if (operation.failed()) return;
  // Registers hold the channels of the smaller image; where it has few of single pixels, those of the other.
  const bool swapped = taps == 1 && blocks.small < 8;
  const Blocks other = {blocks.rows, blocks.columns, 1, blocks.small, blocks.large};
  float *sum = swapped ? Scratch<1>(blocks.kernel_size()) : gradient;
  std::memset(sum, 0, blocks.kernel_size() * sizeof(float));
  for (int64_t sample = 0; sample < x.dim(0); sample++) {
    const float *larger = x.values() + sample * blocks.large_size(), *smaller = dy.values() + sample * blocks.small_size();
    swapped ? loops.add_outer(other.grid(), smaller, larger, sum) : loops.add_outer(blocks.grid(), larger, smaller, sum);
  }
  if (swapped) loops.transpose(blocks.small, blocks.large, sum, gradient);
}

// Either length may not be known.
int64_t Multiplied(int64_t length, int64_t by) { return length < 0 || by < 0 ? -1 : length * by; }
int64_t Divided(int64_t length, int64_t by) { return length < 0 || by <= 0 ? -1 : length / by; }

void SmallShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  const int64_t taps = shapes.dim(1, 0);
  shapes.set(0, {shapes.dim(0, 0), Divided(shapes.dim(0, 1), taps), Divided(shapes.dim(0, 2), taps), shapes.dim(1, 3)});
}

void LargeShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  const int64_t taps = shapes.dim(1, 0);
  shapes.set(0, {shapes.dim(0, 0), Multiplied(shapes.dim(0, 1), taps), Multiplied(shapes.dim(0, 2), taps), shapes.dim(1, 2)});
}

void KernelShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  const int64_t taps = Divided(shapes.dim(0, 1), shapes.dim(1, 1));
  shapes.set(0, {taps, taps, shapes.dim(0, 3), shapes.dim(1, 3)});
}

}  // namespace

bool RegisterBlockConvolutions() {
  if (!BestLoops()) return false;
  const Names given = {"x: float", "kernel: float"}, biased = {"x: float", "kernel: float", "bias: float"}, y = {"y: float"};
  return RegisterOperation("WorkbenchBlockConvolution", given, y, SmallShape, Compute<Convolve>) &&
         RegisterOperation("WorkbenchBlockConvolutionBias", biased, y, SmallShape, ComputeBiased<Convolve, false>) &&
         RegisterOperation("WorkbenchBlockConvolutionBiasRelu", biased, y, SmallShape, ComputeBiased<Convolve, true>) &&
         RegisterOperation("WorkbenchBlockEnlargement", given, y, LargeShape, Compute<Enlarge>) &&
         RegisterOperation("WorkbenchBlockEnlargementBias", biased, y, LargeShape, ComputeBiased<Enlarge, false>) &&
         RegisterOperation("WorkbenchBlockKernelGradient", {"x: float", "dy: float"}, {"gradient: float"}, KernelShape, Compute<KernelGradient>);
}

}  // namespace workbench
