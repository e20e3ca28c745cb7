#include "normalisation.h"

#include <cmath>
#include "grids.h"
#include "loops.h"
#include "operation.h"
#include "samples.h"

namespace workbench {

namespace {

struct Epsilon {
  explicit Epsilon(Attributes &attributes) { attributes.number("epsilon", &value); }
  float value;
};

struct Nothing {
  explicit Nothing(Attributes &) {}
};

// Merges the moments of samples, which lie as `[sample, mean or squares, channel]`, in their order (Chan, Golub and LeVeque, 1979).
void Merge(int64_t batch, int64_t pixels, int64_t channels, const float *parts, int64_t channel, double *mean, double *squares) {
  *mean = *squares = 0;
  for (int64_t sample = 0; sample < batch; sample++) {
    const float *part = parts + 2 * sample * channels + channel;
    const double gap = part[0] - *mean;
    *mean += gap / (sample + 1);
    *squares += part[channels] + gap * gap * pixels * sample / (sample + 1);
  }
}

// x `[batch, row, column, channel]`, scale and offset to y, and for each channel the mean, the unbiased variance and the inverse deviation.
void Forward(const Epsilon &epsilon, Operation &operation) {
  const Operand x = operation.input(0), scale = operation.input(1), offset = operation.input(2);
  const int64_t batch = x.dim(0), pixels = x.dim(1) * x.dim(2), channels = x.dim(3), size = pixels * channels;
  float *y = operation.output(0, {batch, x.dim(1), x.dim(2), channels});
  float *mean = operation.output(1, {channels}), *variance = operation.output(2, {channels}), *inverse = operation.output(3, {channels});
  if (operation.failed()) return;
  float *parts = Scratch<4>(2 * batch * channels), *factor = Scratch<5>(channels);
  ForEachSample(batch, [&](int64_t sample) {
    float *part = parts + 2 * sample * channels;
    BestLoops()->moments(pixels, channels, x.values() + sample * size, part, part + channels);
  });
  const double count = batch * pixels;
  for (int64_t channel = 0; channel < channels; channel++) {
    double centre, squares;
    Merge(batch, pixels, channels, parts, channel, &centre, &squares);
    mean[channel] = centre;
    variance[channel] = squares / (count > 1 ? count - 1 : 1);
    inverse[channel] = 1 / std::sqrt(squares / count + epsilon.value);
    factor[channel] = inverse[channel] * scale.values()[channel];
  }
  const Normalisation by = {mean, factor, offset.values()};
  ForEachSample(batch, [&](int64_t sample) { BestLoops()->rectify(by, pixels, channels, x.values() + sample * size, y + sample * size); });
}

// dy, x, scale, offset, mean and inverse deviation to the gradients in x, scale and offset.
void Gradient(const Nothing &, Operation &operation) {
  const Operand dy = operation.input(0), x = operation.input(1), scale = operation.input(2), offset = operation.input(3), mean = operation.input(4),
                inverse = operation.input(5);
  const int64_t batch = x.dim(0), pixels = x.dim(1) * x.dim(2), channels = x.dim(3), size = pixels * channels;
  float *dx = operation.output(0, {batch, x.dim(1), x.dim(2), channels}), *dscale = operation.output(1, {channels}), *doffset = operation.output(2, {channels});
  if (operation.failed()) return;
  float *parts = Scratch<4>(2 * batch * channels), *factor = Scratch<5>(3 * channels), *share = factor + channels, *slope = share + channels;
  for (int64_t channel = 0; channel < channels; channel++) factor[channel] = inverse.values()[channel] * scale.values()[channel];
  const Normalisation by = {mean.values(), factor, offset.values()};
  ForEachSample(batch, [&](int64_t sample) {
    float *part = parts + 2 * sample * channels;
    BestLoops()->rectified_sums(by, pixels, channels, x.values() + sample * size, dy.values() + sample * size, part, part + channels);
  });
  const double count = batch * pixels;
  for (int64_t channel = 0; channel < channels; channel++) {
    double sum = 0, product = 0;
    for (int64_t sample = 0; sample < batch; sample++) {
      const float *part = parts + 2 * sample * channels + channel;
      sum += part[0], product += part[channels];
    }
    const double deviation = inverse.values()[channel];
    doffset[channel] = sum;
    dscale[channel] = product * deviation;
    share[channel] = sum / count;
    slope[channel] = product * deviation * deviation / count;
  }
  ForEachSample(batch, [&](int64_t sample) {
    BestLoops()->rectify_gradient(by, share, slope, pixels, channels, x.values() + sample * size, dy.values() + sample * size, dx + sample * size);
  });
}

void ForwardShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.same(0, 0);
  for (int output = 1; output < 4; output++) shapes.same(output, 1);
}

void GradientShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.same(0, 1);
  shapes.same(1, 2);
  shapes.same(2, 2);
}

}  // namespace

bool RegisterNormalisation() {
  return BestLoops() &&
         RegisterOperation<Epsilon, Forward>("WorkbenchBatchNormRelu", {"x: float", "scale: float", "offset: float"},
                                             {"y: float", "mean: float", "variance: float", "inverse: float"}, {"epsilon: float"}, ForwardShapes) &&
         RegisterOperation<Nothing, Gradient>("WorkbenchBatchNormReluGradient",
                                              {"dy: float", "x: float", "scale: float", "offset: float", "mean: float", "inverse: float"},
                                              {"dx: float", "dscale: float", "doffset: float"}, {}, GradientShapes);
}

}  // namespace workbench
