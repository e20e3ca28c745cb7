#include "pixel-mean.h"

#include "loops.h"
#include "operation.h"

namespace workbench {

namespace {

// x `[batch, row, column, channel]` to its means `[batch, channel]` and to x itself, which is not copied.
void Mean(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  const Operand x = operation.input(0);
  const int64_t batch = x.dim(0), pixels = x.dim(1) * x.dim(2), channels = x.dim(3);
  float *mean = operation.output(0, {batch, channels});
  operation.hand_on(1, x);
  if (operation.failed()) return;
  for (int64_t sample = 0; sample < batch; sample++) BestLoops()->average(pixels, channels, x.values() + sample * pixels * channels, mean + sample * channels);
}

// The gradients in the means and in x as it was handed on to the gradient in x.
void MeanGradient(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  const Operand dmean = operation.input(0), dx = operation.input(1);
  const int64_t batch = dx.dim(0), pixels = dx.dim(1) * dx.dim(2), channels = dx.dim(3);
  float *sum = operation.output(0, {batch, dx.dim(1), dx.dim(2), channels});
  if (operation.failed()) return;
  for (int64_t sample = 0; sample < batch; sample++) {
    const int64_t start = sample * pixels * channels;
    BestLoops()->add_average(pixels, channels, dmean.values() + sample * channels, dx.values() + start, sum + start);
  }
}

void MeanShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {shapes.dim(0, 0), shapes.dim(0, 3)});
  shapes.same(1, 0);
}

void GradientShapes(TF_ShapeInferenceContext *context, TF_Status *status) { Shapes(context, status).same(0, 1); }

}  // namespace

bool RegisterPixelMeans() {
  return BestLoops() && RegisterOperation("WorkbenchPixelMean", {"x: float"}, {"mean: float", "same: float"}, MeanShapes, Mean) &&
         RegisterOperation("WorkbenchPixelMeanGradient", {"dmean: float", "dsame: float"}, {"dx: float"}, GradientShapes, MeanGradient);
}

}  // namespace workbench
