#include "softmax.h"

#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

// Calls `work` for every sample of images `[batch, row, column, class]`, with the number of pixels and of where they start.
template <class Work>
void ForEachImage(const Operand &images, const Work &work) {
  const int64_t pixels = images.dim(1) * images.dim(2);
  ForEachSample(images.dim(0), [&](int64_t sample) { work(pixels, sample * pixels * images.dim(3)); });
}

void Softmax(const Loops &loops, Operation &operation) {
  const Operand scores = operation.input(0);
  float *shares = operation.output(0, {scores.dim(0), scores.dim(1), scores.dim(2), scores.dim(3)});
  if (operation.failed()) return;
  ForEachImage(scores, [&](int64_t pixels, int64_t start) { loops.softmax(pixels, scores.dim(3), scores.values() + start, shares + start); });
}

void SoftmaxGradient(const Loops &loops, Operation &operation) {
  const Operand shares = operation.input(0), dshares = operation.input(1);
  float *dscores = operation.output(0, {shares.dim(0), shares.dim(1), shares.dim(2), shares.dim(3)});
  if (operation.failed()) return;
  ForEachImage(shares, [&](int64_t pixels, int64_t start) {
    loops.softmax_gradient(pixels, shares.dim(3), shares.values() + start, dshares.values() + start, dscores + start);
  });
}

void SameShape(TF_ShapeInferenceContext *context, TF_Status *status) { Shapes(context, status).same(0, 0); }

}  // namespace

bool RegisterSoftmax() {
  return BestLoops() && RegisterOperation("WorkbenchSoftmax", {"scores: float"}, {"shares: float"}, SameShape, Compute<Softmax>) &&
         RegisterOperation("WorkbenchSoftmaxGradient", {"shares: float", "dshares: float"}, {"dscores: float"}, SameShape, Compute<SoftmaxGradient>);
}

}  // namespace workbench
