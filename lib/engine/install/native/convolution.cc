#include "convolution.h"

#include <vector>
#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

// x `[batch, row, column, channel in]` and a kernel `[row, column, channel in, channel out]` to y.
void Convolve(const Loops &loops, Operation &operation, const Epilogue &after) {
  const Operand x = operation.input(0), kernel = operation.input(1);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = kernel.dim(0), in = kernel.dim(2), out = kernel.dim(3);
  float *y = operation.output(0, {batch, rows, columns, out});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    ConvolveSame(loops, {rows, columns, in, out}, taps, x.values() + sample * rows * columns * in, kernel.values(), after, y + sample * rows * columns * out);
  });
}

// dy and the kernel to the gradient in x, which is a convolution by the turned kernel.
void InputGradient(const Loops &loops, Operation &operation) {
  const Operand dy = operation.input(0), kernel = operation.input(1);
  const int64_t batch = dy.dim(0), rows = dy.dim(1), columns = dy.dim(2), taps = kernel.dim(0), in = kernel.dim(2), out = kernel.dim(3);
  float *dx = operation.output(0, {batch, rows, columns, in});
  if (operation.failed()) return;
  float *turned = Scratch<1>(kernel.size());
  Turn(loops, taps, in, out, kernel.values(), turned);
  ForEachSample(batch, [&](int64_t sample) {
    ConvolveSame(loops, {rows, columns, out, in}, taps, dy.values() + sample * rows * columns * out, turned, {}, dx + sample * rows * columns * in);
  });
}

// x and dy to the gradient in a kernel of 3x3.
void KernelGradient(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), dy = operation.input(1);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = 3, in = x.dim(3), out = dy.dim(3);
  float *gradient = operation.output(0, {taps, taps, in, out});
  if (operation.failed()) return;
  SumOverSamples(batch, taps * taps * in * out, gradient, [&](int64_t sample, float *sums) {
    AddOuterSame(loops, {rows, columns, in, out}, taps, x.values() + sample * rows * columns * in, dy.values() + sample * rows * columns * out, sums);
  });
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
  const std::vector<const char *> x_to_y = {"x: float", "kernel: float"}, biased = {"x: float", "kernel: float", "bias: float"}, dy_to_dx = {"dy: float", "kernel: float"};
  return RegisterOperation("WorkbenchConvolution", x_to_y, {"y: float"}, ImageShape<3>, Compute<Convolve>) &&
         RegisterOperation("WorkbenchConvolutionBias", biased, {"y: float"}, ImageShape<3>, ComputeBiased<Convolve, false>) &&
         RegisterOperation("WorkbenchConvolutionBiasRelu", biased, {"y: float"}, ImageShape<3>, ComputeBiased<Convolve, true>) &&
         RegisterOperation("WorkbenchConvolutionInputGradient", dy_to_dx, {"dx: float"}, ImageShape<2>, Compute<InputGradient>) &&
         RegisterOperation("WorkbenchConvolutionKernelGradient", {"x: float", "dy: float"}, {"gradient: float"}, KernelShape, Compute<KernelGradient>);
}

}  // namespace workbench
