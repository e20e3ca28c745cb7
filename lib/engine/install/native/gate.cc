#include "gate.h"

#include <vector>
#include "grids.h"

namespace workbench {

namespace {

// How many numbers a gate has.
struct Sizes {
  Sizes(const Operand &mean, const Operand &second) : batch(mean.dim(0)), inputs(mean.dim(1)), hidden(second.dim(1)), experts(second.dim(0)) {}
  const int64_t batch, inputs, hidden, experts;
};

// `values[row] weights^T + biases` for every row; weights `[out, in]`.
void Linear(const Loops &loops, int64_t rows, int64_t in, int64_t out, const float *values, const Operand &weights, const Operand &biases, float *results) {
  std::vector<double> sums(rows * out);
  for (int64_t at = 0; at < rows * out; at++) sums[at] = biases.values()[at % out];
  loops.project(rows, out, in, in, weights.values(), values, sums.data());
  for (int64_t at = 0; at < rows * out; at++) results[at] = static_cast<float>(sums[at]);
}

// What `dropout` (a factor for every hidden number, or a single 1) leaves of hidden numbers.
void Drop(const Operand &dropout, int64_t size, float *hidden) {
  if (dropout.size() != size) return;
  for (int64_t at = 0; at < size; at++) hidden[at] *= dropout.values()[at];
}

// sigmoid(second (dropout (first (mean)))), to the gates `[batch, expert]` and the hidden numbers that were kept.
void Gate(const Loops &loops, Operation &operation) {
  const Operand mean = operation.input(0), dropout = operation.input(1), first = operation.input(2), first_bias = operation.input(3);
  const Operand second = operation.input(4), second_bias = operation.input(5);
  const Sizes sizes(mean, second);
  float *gates = operation.output(0, {sizes.batch, sizes.experts}), *hidden = operation.output(1, {sizes.batch, sizes.hidden});
  if (operation.failed()) return;
  Linear(loops, sizes.batch, sizes.inputs, sizes.hidden, mean.values(), first, first_bias, hidden);
  Drop(dropout, sizes.batch * sizes.hidden, hidden);
  Linear(loops, sizes.batch, sizes.hidden, sizes.experts, hidden, second, second_bias, gates);
  loops.elementary(Elementary::kSigmoid, sizes.batch * sizes.experts, gates, gates);
}

// The gradients of `Linear` in its weights and biases, and in its values.
void LinearGradient(const Loops &loops, int64_t rows, int64_t in, int64_t out, const float *values, const Operand &weights, const float *upstream,
                    float *dweights, float *dbiases, float *dvalues) {
  float *turned = Scratch<0>(rows * out);
  loops.transpose(rows, out, upstream, turned);
  for (int64_t at = 0; at < out; at++) {
    double sum = 0;
    for (int64_t row = 0; row < rows; row++) sum += turned[at * rows + row];
    dbiases[at] = static_cast<float>(sum);
  }
  loops.mix(out, rows, in, in, turned, values, dweights);
  loops.mix(rows, out, in, in, upstream, weights.values(), dvalues);
}

// The gradient in the gates to those in the mean and in weights and biases of both layers.
void GateGradient(const Loops &loops, Operation &operation) {
  const Operand dgates = operation.input(0), gates = operation.input(1), hidden = operation.input(2), mean = operation.input(3);
  const Operand dropout = operation.input(4), first = operation.input(5), second = operation.input(6);
  const Sizes sizes(mean, second);
  float *dmean = operation.output(0, {sizes.batch, sizes.inputs});
  float *dfirst = operation.output(1, {sizes.hidden, sizes.inputs}), *dfirst_bias = operation.output(2, {sizes.hidden});
  float *dsecond = operation.output(3, {sizes.experts, sizes.hidden}), *dsecond_bias = operation.output(4, {sizes.experts});
  if (operation.failed()) return;
  const int64_t scores = sizes.batch * sizes.experts;
  float *dscore = Scratch<1>(scores + sizes.batch * sizes.hidden), *dhidden = dscore + scores;
  for (int64_t at = 0; at < scores; at++) dscore[at] = dgates.values()[at] * gates.values()[at] * (1 - gates.values()[at]);
  LinearGradient(loops, sizes.batch, sizes.hidden, sizes.experts, hidden.values(), second, dscore, dsecond, dsecond_bias, dhidden);
  Drop(dropout, sizes.batch * sizes.hidden, dhidden);
  LinearGradient(loops, sizes.batch, sizes.inputs, sizes.hidden, mean.values(), first, dhidden, dfirst, dfirst_bias, dmean);
}

void GateShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {shapes.dim(0, 0), shapes.dim(4, 0)});
  shapes.set(1, {shapes.dim(0, 0), shapes.dim(4, 1)});
}

void GradientShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.same(0, 3);
  shapes.same(1, 5);
  shapes.set(2, {shapes.dim(5, 0)});
  shapes.same(3, 6);
  shapes.set(4, {shapes.dim(6, 0)});
}

}  // namespace

bool RegisterGates() {
  return BestLoops() &&
         RegisterOperation("WorkbenchGate", {"mean: float", "dropout: float", "first: float", "first_bias: float", "second: float", "second_bias: float"},
                           {"gates: float", "hidden: float"}, GateShapes, Compute<Gate>) &&
         RegisterOperation("WorkbenchGateGradient",
                           {"dgates: float", "gates: float", "hidden: float", "mean: float", "dropout: float", "first: float", "second: float"},
                           {"dmean: float", "dfirst: float", "dfirst_bias: float", "dsecond: float", "dsecond_bias: float"}, GradientShapes,
                           Compute<GateGradient>);
}

}  // namespace workbench
