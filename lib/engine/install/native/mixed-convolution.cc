#include "mixed-convolution.h"

#include <cstring>
#include <vector>
#include "grids.h"
#include "mixed-biases.h"
#include "samples.h"

namespace workbench {

namespace {

// Kernels `[row, column, channel in, channel out]`, of a transposed convolution `[row, column, channel out, channel in]`, whose stride
// is as large as its kernel: the channels of the larger image come first in both.
struct Kernels {
  explicit Kernels(const Operand &kernels) : taps(kernels.dim(1)), large(kernels.dim(3)), small(kernels.dim(4)) {}
  int64_t area() const { return large * small; }
  int64_t size() const { return taps * taps * area(); }
  const int64_t taps, large, small;
};

// x `[batch, row, column, channel]`, gates `[batch, expert]`, bank `[expert, row, column, channel, channel]`, biases `[expert, channel]` or
// none to y and the mixed kernels `[batch, row, column, channel, channel]`.
template <bool transposed>
void Convolve(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), gates = operation.input(1), bank = operation.input(2), biases = operation.input(3);
  const Kernels kernels(bank);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), factor = transposed ? kernels.taps : 1;
  float *y = operation.output(0, {batch, rows * factor, columns * factor, transposed ? kernels.large : kernels.small});
  float *mixed = operation.output(1, {batch, kernels.taps, kernels.taps, kernels.large, kernels.small});
  if (operation.failed()) return;
  // The bank is read once for all samples, by the threads in turns.
  ForEachSample(kernels.taps * kernels.taps, [&](int64_t tap) {
    const int64_t start = tap * kernels.area();
    loops.mix(batch, bank.dim(0), kernels.size(), kernels.area(), gates.values(), bank.values() + start, mixed + start);
  });
  const MixedBiases biased(loops, gates, biases);
  ForEachSample(batch, [&](int64_t sample) {
    const float *image = x.values() + sample * rows * columns * x.dim(3), *kernel = mixed + sample * kernels.size();
    if (!transposed) {
      const SameSize layer = {{1, rows, columns, kernels.large, kernels.small}, kernels.taps};
      CorrelateSample(loops, layer, image, kernel, biased.after(sample), y + sample * rows * columns * kernels.small);
      return;
    }
    // Every tap is a convolution of one pixel, whose results lie `factor` pixels apart.
    const Grid grid = {rows, columns, 1, 1, columns, kernels.small, kernels.large, factor, columns * factor};
    float *enlarged = y + sample * rows * columns * factor * factor * kernels.large;
    for (int64_t tap = 0; tap < factor * factor; tap++) {
      float *turned = Scratch<1>(kernels.area());
      loops.transpose(kernels.large, kernels.small, kernel + tap * kernels.area(), turned);
      loops.correlate(grid, image, turned, biased.after(sample), enlarged + (tap / factor * columns * factor + tap % factor) * kernels.large);
    }
  });
}

// x, dy and the mixed kernels to the gradient in x.
void InputGradient(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0), dy = operation.input(1), mixed = operation.input(2);
  const Kernels kernels(mixed);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = kernels.taps;
  float *dx = operation.output(0, {batch, rows, columns, x.dim(3)});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) {
    const float *upstream = dy.values() + sample * dy.size() / batch, *kernel = mixed.values() + sample * kernels.size();
    float *gradient = dx + sample * x.size() / batch;
    if (dy.dim(1) != rows) {
      loops.correlate({rows, columns, taps, taps, columns * taps, kernels.large, kernels.small, 1, columns}, upstream, kernel, {}, gradient);
      return;
    }
    float *turned = Scratch<1>(kernels.size());
    Turn(loops, taps, kernels.large, kernels.small, kernel, turned);
    CorrelateSample(loops, {{1, rows, columns, kernels.small, kernels.large}, taps}, upstream, turned, {}, gradient);
  });
}

// gradient[sample, expert] = <bank[expert], kernels[sample]>. Each tap is summed by itself, by whatever thread, and then in order.
void Project(const Loops &loops, int64_t batch, const Kernels &kernels, const Operand &bank, const float *gradients, float *gradient) {
  const int64_t taps = kernels.taps * kernels.taps, experts = bank.dim(0), scores = batch * experts;
  std::vector<double> sums(taps * scores, 0);
  ForEachSample(taps, [&](int64_t tap) {
    const int64_t start = tap * kernels.area();
    loops.project(batch, experts, kernels.size(), kernels.area(), bank.values() + start, gradients + start, sums.data() + tap * scores);
  });
  for (int64_t at = 0; at < scores; at++) {
    double sum = 0;
    for (int64_t tap = 0; tap < taps; tap++) sum += sums[tap * scores + at];
    gradient[at] = static_cast<float>(sum);
  }
}

// gates, x, dy, the bank and the biases or none to the gradient in the gates.
void GateGradient(const Loops &loops, Operation &operation) {
  const Operand gates = operation.input(0), x = operation.input(1), dy = operation.input(2), bank = operation.input(3);
  const Operand biases = operation.input(4);
  const Kernels kernels(bank);
  const int64_t batch = x.dim(0), rows = x.dim(1), columns = x.dim(2), taps = kernels.taps;
  float *gradient = operation.output(0, {batch, bank.dim(0)});
  if (operation.failed()) return;
  // All samples' before any is compared with the bank, which is then read once.
  float *gradients = Scratch<3>(batch * kernels.size());
  ForEachSample(batch, [&](int64_t sample) {
    float *kernel = gradients + sample * kernels.size();
    const float *image = x.values() + sample * x.size() / batch, *upstream = dy.values() + sample * dy.size() / batch;
    if (dy.dim(1) != rows) {
      std::memset(kernel, 0, kernels.size() * sizeof(float));
      loops.add_outer({rows, columns, taps, taps, columns * taps, kernels.large, kernels.small, 1, columns}, upstream, image, kernel);
    } else {
      OuterSample(loops, {{1, rows, columns, kernels.large, kernels.small}, taps}, image, upstream, kernel);
    }
  });
  Project(loops, batch, kernels, bank, gradients, gradient);
  AddBiasGradient(loops, dy, biases, gradient);
}

template <bool transposed>
void ConvolutionShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  const int64_t factor = transposed ? shapes.dim(2, 1) : 1;
  shapes.set(0, {shapes.dim(0, 0), shapes.dim(0, 1) * factor, shapes.dim(0, 2) * factor, shapes.dim(2, transposed ? 3 : 4)});
  shapes.set(1, {shapes.dim(0, 0), shapes.dim(2, 1), shapes.dim(2, 2), shapes.dim(2, 3), shapes.dim(2, 4)});
}

void ShapeOfFirst(TF_ShapeInferenceContext *context, TF_Status *status) { Shapes(context, status).same(0, 0); }

}  // namespace

bool RegisterMixedConvolutions() {
  if (!BestLoops()) return false;
  const std::vector<const char *> inputs = {"x: float", "gates: float", "bank: float", "biases: float"}, outputs = {"y: float", "mixed: float"};
  return RegisterOperation("WorkbenchMixedConvolution", inputs, outputs, ConvolutionShapes<false>, Compute<Convolve<false>>) &&
         RegisterOperation("WorkbenchMixedTransposedConvolution", inputs, outputs, ConvolutionShapes<true>, Compute<Convolve<true>>) &&
         RegisterOperation("WorkbenchMixedInputGradient", {"x: float", "dy: float", "mixed: float"}, {"dx: float"}, ShapeOfFirst, Compute<InputGradient>) &&
         RegisterOperation("WorkbenchMixedGateGradient", {"gates: float", "x: float", "dy: float", "bank: float", "biases: float"}, {"gradient: float"},
                           ShapeOfFirst, Compute<GateGradient>);
}

}  // namespace workbench
