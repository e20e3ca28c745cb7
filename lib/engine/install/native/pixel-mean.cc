#include "pixel-mean.h"

#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

// x `[batch, row, column, channel]` to its means `[batch, channel]` and to x itself, which is not copied.
void Mean(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0);
  const int64_t batch = x.dim(0), pixels = x.dim(1) * x.dim(2), channels = x.dim(3);
  float *mean = operation.output(0, {batch, channels});
  operation.hand_on(1, x);
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) { loops.average(pixels, channels, x.values() + sample * pixels * channels, mean + sample * channels); });
}

// The gradients in the means and in x as it was handed on to the gradient in x.
void MeanGradient(const Loops &loops, Operation &operation) {
  const Operand dmean = operation.input(0), dx = operation.input(1);
  const int64_t batch = dx.dim(0), pixels = dx.dim(1) * dx.dim(2), channels = dx.dim(3);
  float *sum = operation.output(0, {batch, dx.dim(1), dx.dim(2), channels});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    const int64_t start = sample * pixels * channels;
    loops.add_everywhere(pixels, channels, channels, 1.0f / pixels, dmean.values() + sample * channels, dx.values() + start, sum + start);
  });
}

// Two images of the same pixels to the means of all their channels and to one image of all their channels.
void JoinedMean(const Loops &loops, Operation &operation) {
  const Operand first = operation.input(0), second = operation.input(1);
  const int64_t batch = first.dim(0), pixels = first.dim(1) * first.dim(2), channels = first.dim(3) + second.dim(3);
  float *mean = operation.output(0, {batch, channels}), *joined = operation.output(1, {batch, first.dim(1), first.dim(2), channels});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    const float *parts[] = {first.values() + sample * pixels * first.dim(3), second.values() + sample * pixels * second.dim(3)};
    float *to = joined + sample * pixels * channels;
    loops.join_average(pixels, first.dim(3), second.dim(3), parts[0], parts[1], to, mean + sample * channels);
  });
}

// The gradients in the means and in the joined image, and how many channels are the first image's (a tensor of its shape), to the
// gradients in both images.
void JoinedMeanGradient(const Loops &loops, Operation &operation) {
  const Operand dmean = operation.input(0), dx = operation.input(1), first = operation.input(2);
  const int64_t batch = dx.dim(0), pixels = dx.dim(1) * dx.dim(2), channels = dx.dim(3);
  const int64_t owns[] = {first.dim(3), channels - first.dim(3)};
  float *sums[] = {operation.output(0, {batch, dx.dim(1), dx.dim(2), owns[0]}), operation.output(1, {batch, dx.dim(1), dx.dim(2), owns[1]})};
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    int64_t before = 0;
    for (int part = 0; part < 2; before += owns[part++]) {
      const float *image = dx.values() + sample * pixels * channels + before;
      const float *means = dmean.values() + sample * channels + before;
      loops.add_everywhere(pixels, owns[part], channels, 1.0f / pixels, means, image, sums[part] + sample * pixels * owns[part]);
    }
  });
}

void MeanShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {shapes.dim(0, 0), shapes.dim(0, 3)});
  shapes.same(1, 0);
}

void GradientShapes(TF_ShapeInferenceContext *context, TF_Status *status) { Shapes(context, status).same(0, 1); }

void JoinedShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  const int64_t parts[] = {shapes.dim(0, 3), shapes.dim(1, 3)}, channels = parts[0] < 0 || parts[1] < 0 ? -1 : parts[0] + parts[1];
  shapes.set(0, {shapes.dim(0, 0), channels});
  shapes.set(1, {shapes.dim(0, 0), shapes.dim(0, 1), shapes.dim(0, 2), channels});
}

void JoinedGradientShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  const int64_t own = shapes.dim(2, 3), channels = shapes.dim(1, 3);
  shapes.same(0, 2);
  shapes.set(1, {shapes.dim(1, 0), shapes.dim(1, 1), shapes.dim(1, 2), own < 0 || channels < 0 ? -1 : channels - own});
}

}  // namespace

bool RegisterPixelMeans() {
  return BestLoops() && RegisterOperation("WorkbenchPixelMean", {"x: float"}, {"mean: float", "same: float"}, MeanShapes, Compute<Mean>) &&
         RegisterOperation("WorkbenchPixelMeanGradient", {"dmean: float", "dsame: float"}, {"dx: float"}, GradientShapes, Compute<MeanGradient>) &&
         RegisterOperation("WorkbenchJoinedMean", {"first: float", "second: float"}, {"mean: float", "joined: float"}, JoinedShapes, Compute<JoinedMean>) &&
         RegisterOperation("WorkbenchJoinedMeanGradient", {"dmean: float", "djoined: float", "first: float"}, {"dfirst: float", "dsecond: float"},
                           JoinedGradientShapes, Compute<JoinedMeanGradient>);
}

}  // namespace workbench
