#include "optimiser.h"

#include <algorithm>
#include "loops.h"
#include "operation.h"
#include "samples.h"

namespace workbench {

namespace {

const Names kSettings = {"past1: float", "present1: float", "past2: float", "present2: float", "epsilon: float"};

struct Settings {
  explicit Settings(Attributes &attributes) {
    float *const values[] = {&past1, &present1, &past2, &present2, &epsilon};
    const char *const names[] = {"past1", "present1", "past2", "present2", "epsilon"};
    for (int i = 0; i < 5; i++) attributes.number(names[i], values[i]);
  }
  float past1, present1, past2, present2, epsilon;
};

// Parameters, gradient, correction, rate and the moments to parameters and moments.
template <bool amsgrad>
void Step(const Settings &settings, Operation &operation) {
  const Operand parameters = operation.input(0), gradient = operation.input(1), correction = operation.input(2), rate = operation.input(3);
  const Operand first = operation.input(4), second = operation.input(5), largest = operation.input(amsgrad ? 6 : 5);
  const int64_t size = parameters.size();
  const auto output = [&](int index) { return operation.output(index, {size}); };
  float *const after = output(0), *const first_after = output(1), *const second_after = output(2), *const largest_after = amsgrad ? output(3) : nullptr;
  if (operation.failed()) return;
  const Adam adam = {settings.past1, settings.present1, settings.past2, settings.present2, settings.epsilon, *correction.values(), *rate.values()};
  // Parts of a fixed length, so that nothing depends on the number of threads.
  constexpr int64_t kPart = 1 << 16;
  ForEachSample((size + kPart - 1) / kPart, [&](int64_t part) {
    const int64_t at = part * kPart;
    const Optimised from = {parameters.values() + at, first.values() + at, second.values() + at, amsgrad ? largest.values() + at : nullptr};
    const OptimisedTo to = {after + at, first_after + at, second_after + at, amsgrad ? largest_after + at : nullptr};
    BestLoops()->adam(adam, std::min(kPart, size - at), from, gradient.values() + at, to);
  });
}

template <int outputs>
void SameShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
  for (int output = 0; output < outputs; output++) Shapes(context, status).same(output, 0);
}

}  // namespace

bool RegisterOptimiser() {
  const Names in = {"parameters: float", "gradient: float", "correction: float", "rate: float", "first: float", "second: float"};
  const Names out = {"parameters_after: float", "first_after: float", "second_after: float"};
  Names with_in = in, with_out = out;
  with_in.push_back("largest: float"), with_out.push_back("largest_after: float");
  return BestLoops() && RegisterOperation<Settings, Step<false>>("WorkbenchAdam", in, out, kSettings, SameShapes<3>) &&
         RegisterOperation<Settings, Step<true>>("WorkbenchAdamAmsgrad", with_in, with_out, kSettings, SameShapes<4>);
}

}  // namespace workbench
