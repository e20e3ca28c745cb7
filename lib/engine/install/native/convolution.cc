#include "convolution.h"

#include <algorithm>
#include <cstring>
#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

// x `[batch, row, column, channel in]` and a kernel `[row, column, channel in, channel out]` to y.
void Convolve(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), kernel = operation.input(1);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = kernel.dim(0), in = kernel.dim(2), out = kernel.dim(3);
  float *y = operation.output(0, {batch, rows, columns, out});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    const float *image = Padded(x.values() + sample * rows * columns * in, rows, columns, in, taps);
    Correlate(loops, SameSize(rows, columns, taps, in, out), image, kernel.values(), y + sample * rows * columns * out);
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
    const float *upstream = Padded(dy.values() + sample * rows * columns * out, rows, columns, out, taps);
    Correlate(loops, SameSize(rows, columns, taps, out, in), upstream, turned, dx + sample * rows * columns * in);
  });
}

// x and dy to the gradient in a kernel of 3x3: as many parts as there are threads, added in their order.
void KernelGradient(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), dy = operation.input(1);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = 3, in = x.dim(3), out = dy.dim(3);
  float *gradient = operation.output(0, {taps, taps, in, out});
  if (operation.failed()) return;
  const int64_t size = taps * taps * in * out, parts = std::min(ComputingThreads(), batch);
  float *others = Scratch<3>((parts - 1) * size);
  ForEachSample(parts, [&](int64_t part) {
    float *sums = part == 0 ? gradient : others + (part - 1) * size;
    std::memset(sums, 0, size * sizeof(float));
    for (int64_t sample = part * batch / parts; sample < (part + 1) * batch / parts; sample++) {
      const float *image = Padded(x.values() + sample * rows * columns * in, rows, columns, in, taps);
      AddOuter(loops, SameSize(rows, columns, taps, in, out), image, dy.values() + sample * rows * columns * out, sums);
    }
  });
  for (int64_t part = 1; part < parts; part++) {
    for (int64_t i = 0; i < size; i++) gradient[i] += others[(part - 1) * size + i];
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
  const std::vector<const char *> x_to_y = {"x: float", "kernel: float"}, dy_to_dx = {"dy: float", "kernel: float"};
  return RegisterOperation("WorkbenchConvolution", x_to_y, {"y: float"}, ImageShape<3>, Compute<Convolve>) &&
         RegisterOperation("WorkbenchConvolutionInputGradient", dy_to_dx, {"dx: float"}, ImageShape<2>, Compute<InputGradient>) &&
         RegisterOperation("WorkbenchConvolutionKernelGradient", {"x: float", "dy: float"}, {"gradient: float"}, KernelShape, Compute<KernelGradient>);
}

}  // namespace workbench
