#include "convolution.h"

#include <algorithm>
#include <cstring>
#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

// Several for each thread, since some threads come late, but none so small that transforming the kernel for it takes long.
int64_t TileParts(const Tiling &tiling) {
  const int64_t threads = ComputingThreads();
  return threads == 1 ? 1 : std::max<int64_t>(1, std::min(4 * threads, tiling.count() / TileBlocks(tiling).tiles));
}

// Calls `work(part, first, end)` for parts of equal length of a list.
template <class Work>
void ForEachPart(int64_t parts, int64_t length, const Work &work) {
  ForEachSample(parts, [&](int64_t part) { work(part, part * length / parts, (part + 1) * length / parts); });
}

// Shares the tiles of a batch, or its samples, among the threads.
void Correlate(const Loops &loops, const SameSize &layer, const float *large, const float *kernel, const Epilogue &after, float *small) {
  const Tiling &tiling = layer.tiling;
  const int64_t pixels = tiling.rows * tiling.columns;
  if (!layer.tiled()) {
    ForEachSample(tiling.batch, [&](int64_t sample) {
      const SameSize one = {{1, tiling.rows, tiling.columns, tiling.large, tiling.small}, layer.taps};
      CorrelateSample(loops, one, large + sample * pixels * tiling.large, kernel, after, small + sample * pixels * tiling.small);
    });
    return;
  }
  ForEachPart(TileParts(tiling), tiling.count(), [&](int64_t, int64_t first, int64_t end) {
    CorrelateTiles(loops, tiling, first, end, large, kernel, after, small);
  });
}

// x `[batch, row, column, channel in]` and a kernel `[row, column, channel in, channel out]` to y.
void Convolve(const Loops &loops, Operation &operation, const Epilogue &after) {
  const Operand x = operation.input(0), kernel = operation.input(1);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = kernel.dim(0), in = kernel.dim(2), out = kernel.dim(3);
  float *y = operation.output(0, {batch, rows, columns, out});
  if (operation.failed()) return;
  Correlate(loops, {{batch, rows, columns, in, out}, taps}, x.values(), kernel.values(), after, y);
}

// dy and the kernel to the gradient in x, which is a convolution by the turned kernel.
void InputGradient(const Loops &loops, Operation &operation) {
  const Operand dy = operation.input(0), kernel = operation.input(1);
  const int64_t batch = dy.dim(0), rows = dy.dim(1), columns = dy.dim(2), taps = kernel.dim(0), in = kernel.dim(2), out = kernel.dim(3);
  float *dx = operation.output(0, {batch, rows, columns, in});
  if (operation.failed()) return;
  float *turned = Scratch<1>(kernel.size());
  Turn(loops, taps, in, out, kernel.values(), turned);
  Correlate(loops, {{batch, rows, columns, out, in}, taps}, dy.values(), turned, {}, dx);
}

// x and dy to the gradient in a kernel of 3x3.
void KernelGradient(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), dy = operation.input(1);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = 3, in = x.dim(3), out = dy.dim(3);
  float *gradient = operation.output(0, {taps, taps, in, out});
  if (operation.failed()) return;
  const SameSize layer = {{batch, rows, columns, in, out}, taps};
  // By one thread: shares of several would be rounded apart. Another one has the gradient in x to compute, which asks for nothing of this.
  if (layer.tiled()) return OuterTiles(loops, layer.tiling, 0, layer.tiling.count(), x.values(), dy.values(), gradient);
  std::memset(gradient, 0, taps * taps * in * out * sizeof(float));
  for (int64_t sample = 0; sample < batch; sample++) {
    AddOuterSample(loops, layer, x.values() + sample * rows * columns * in, dy.values() + sample * rows * columns * out, gradient);
  }
}

// The shape of the first input with as many channels as an axis of the kernel.
template <int axis>
void ImageShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {shapes.dim(0, 0), shapes.dim(0, 1), shapes.dim(0, 2), shapes.dim(1, axis)});
}

void KernelShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {3, 3, shapes.dim(0, 3), shapes.dim(1, 3)});
}

}  // namespace

bool RegisterConvolutions() {
  if (!BestLoops()) return false;
  const Names x_to_y = {"x: float", "kernel: float"}, biased = {"x: float", "kernel: float", "bias: float"}, dy_to_dx = {"dy: float", "kernel: float"};
  return RegisterOperation("WorkbenchConvolution", x_to_y, {"y: float"}, ImageShape<3>, Compute<Convolve>) &&
         RegisterOperation("WorkbenchConvolutionBias", biased, {"y: float"}, ImageShape<3>, ComputeBiased<Convolve, false>) &&
         RegisterOperation("WorkbenchConvolutionBiasRelu", biased, {"y: float"}, ImageShape<3>, ComputeBiased<Convolve, true>) &&
         RegisterOperation("WorkbenchConvolutionInputGradient", dy_to_dx, {"dx: float"}, ImageShape<2>, Compute<InputGradient>) &&
         RegisterOperation("WorkbenchConvolutionKernelGradient", {"x: float", "dy: float"}, {"gradient: float"}, KernelShape, Compute<KernelGradient>);
}

}  // namespace workbench
