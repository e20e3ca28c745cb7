#include "softmax.h"

#include <vector>
#include "grids.h"
#include "loops.h"
#include "operation.h"
#include "samples.h"

namespace workbench {

namespace {

// Images `[batch, row, column, class]` to one like the first of them, sample by sample.
template <class Work>
void SampleBySample(Operation &operation, const Operand &like, const Work &work) {
  const int64_t batch = like.dim(0), pixels = like.dim(1) * like.dim(2), classes = like.dim(3), size = pixels * classes;
  float *y = operation.output(0, {batch, like.dim(1), like.dim(2), classes});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) { work(pixels, classes, sample * size, y + sample * size); });
}

void Probabilities(const Loops &loops, Operation &operation) {
  const Operand logits = operation.input(0);
  SampleBySample(operation, logits, [&](int64_t pixels, int64_t classes, int64_t at, float *p) { loops.softmax(pixels, classes, logits.values() + at, p); });
}

void Gradient(const Loops &loops, Operation &operation) {
  const Operand p = operation.input(0), dy = operation.input(1);
  SampleBySample(operation, p, [&](int64_t pixels, int64_t classes, int64_t at, float *dlogits) {
    loops.softmax_gradient(pixels, classes, p.values() + at, dy.values() + at, dlogits);
  });
}

// p and y `[batch, row, column, class]` to the sums `[3, class]` of p + y - 2 p y, p y and p + y.
void DiceSums(const Loops &loops, Operation &operation) {
  const Operand p = operation.input(0), y = operation.input(1);
  const int64_t batch = p.dim(0), pixels = p.dim(1) * p.dim(2), classes = p.dim(3), size = pixels * classes;
  float *sums = operation.output(0, {3, classes});
  if (operation.failed()) return;
  std::vector<double> parts(3 * classes * batch);
  ForEachSample(batch, [&](int64_t sample) {
    loops.add_dice_sums(pixels, classes, p.values() + sample * size, y.values() + sample * size, parts.data() + 3 * classes * sample);
  });
  for (int64_t i = 0; i < 3 * classes; i++) {
    double sum = 0;
    for (int64_t sample = 0; sample < batch; sample++) sum += parts[3 * classes * sample + i];
    sums[i] = sum;
  }
}

void SameShape(TF_ShapeInferenceContext *context, TF_Status *status) { Shapes(context, status).same(0, 0); }

void SumsShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {3, shapes.dim(0, 3)});
}

}  // namespace

bool RegisterSoftmax() {
  return BestLoops() && RegisterOperation("WorkbenchSoftmax", {"logits: float"}, {"p: float"}, SameShape, Compute<Probabilities>) &&
         RegisterOperation("WorkbenchSoftmaxGradient", {"p: float", "dy: float"}, {"dlogits: float"}, SameShape, Compute<Gradient>) &&
         RegisterOperation("WorkbenchDiceSums", {"p: float", "y: float"}, {"sums: float"}, SumsShape, Compute<DiceSums>);
}

}  // namespace workbench
