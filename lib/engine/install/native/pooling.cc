#include "pooling.h"

#include "loops.h"
#include "operation.h"
#include "samples.h"

namespace workbench {

namespace {

// x `[batch, row, column, channel]` to the maxima of every 2x2 pixels.
void Half(void *, TF_OpKernelContext *context) {
  Operation operation(context);
  const Operand x = operation.input(0);
  const int64_t batch = x.dim(0), rows = x.dim(1) / 2, columns = x.dim(2) / 2, channels = x.dim(3), size = rows * columns * channels;
  float *y = operation.output(0, {batch, rows, columns, channels});
  if (operation.failed()) return;
  ForEachSample(batch, [&](int64_t sample) { BestLoops()->pool_half(rows, columns, channels, x.values() + 4 * sample * size, y + sample * size); });
}

// Of a window: height, width, steps from one to the next, and how far the first one reaches beyond the edge.
struct Window {
  explicit Window(Attributes &attributes) { attributes.integers("window", numbers, 6); }
  int64_t numbers[6];
};

// x `[batch, row, column, channel]`, its maxima y and dy to dx.
void Gradient(const Window &window, Operation &operation) {
  const Operand x = operation.input(0), y = operation.input(1), dy = operation.input(2);
  const int64_t batch = x.dim(0), channels = x.dim(3);
  float *dx = operation.output(0, {batch, x.dim(1), x.dim(2), channels});
  if (operation.failed()) return;
  const int64_t *const of = window.numbers;
  const Pooling pool = {x.dim(1), x.dim(2), y.dim(1), y.dim(2), of[0], of[1], of[2], of[3], of[4], of[5]};
  const int64_t size = pool.rows * pool.columns * channels, pooled = pool.out_rows * pool.out_columns * channels;
  ForEachSample(batch, [&](int64_t sample) {
    BestLoops()->pool_gradient(pool, channels, x.values() + sample * size, y.values() + sample * pooled, dy.values() + sample * pooled, dx + sample * size);
  });
}

int64_t HalfOf(int64_t length) { return length < 0 ? length : length / 2; }

void HalfShape(TF_ShapeInferenceContext *context, TF_Status *status) {
  Shapes shapes(context, status);
  shapes.set(0, {shapes.dim(0, 0), HalfOf(shapes.dim(0, 1)), HalfOf(shapes.dim(0, 2)), shapes.dim(0, 3)});
}

void GradientShape(TF_ShapeInferenceContext *context, TF_Status *status) { Shapes(context, status).same(0, 0); }

}  // namespace

bool RegisterPooling() {
  const Names given = {"x: float", "y: float", "dy: float"};
  return BestLoops() && RegisterOperation("WorkbenchMaxPoolHalf", {"x: float"}, {"y: float"}, HalfShape, Half) &&
         RegisterOperation<Window, Gradient>("WorkbenchMaxPoolGradient", given, {"dx: float"}, {"window: list(int)"}, GradientShape);
}

}  // namespace workbench
