#include "library-kernels.h"

#include <algorithm>
#include <vector>
#include "grids.h"
#include "samples.h"

namespace workbench {

namespace {

// Numbers that a thread takes at once; fixed, so that nothing depends on the number of threads.
constexpr int64_t kPart = 1 << 14;

template <Elementary what>
void Elementwise(const Loops &loops, Operation &operation) {
  const Operand x = operation.input(0);
  float *y = operation.output(0, x.shape());
  if (operation.failed()) return;
  ForEachSample((x.size() + kPart - 1) / kPart, [&](int64_t part) {
    const int64_t at = part * kPart;
    loops.elementary(what, std::min(kPart, x.size() - at), x.values() + at, y + at);
  });
}

struct Reduction {
  explicit Reduction(Attributes &attributes) { attributes.flag("keep_dims", &keep); }
  bool keep;
};

// Which axes are summed.
std::vector<bool> Summed(int64_t rank, const Operand &axes) {
  std::vector<bool> summed(rank, false);
  for (int64_t i = 0; i < axes.size(); i++) {
    const int64_t axis = axes.integers()[i];
    summed.at(axis < 0 ? axis + rank : axis) = true;
  }
  return summed;
}

std::vector<int64_t> Remaining(const std::vector<int64_t> &shape, const std::vector<bool> &summed, bool keep) {
  std::vector<int64_t> remaining;
  for (size_t axis = 0; axis < shape.size(); axis++) {
    if (!summed[axis]) remaining.push_back(shape[axis]);
    else if (keep) remaining.push_back(1);
  }
  return remaining;
}

// How far a step along each axis goes among the results: nowhere along what is summed.
std::vector<int64_t> Steps(const std::vector<int64_t> &shape, const std::vector<bool> &summed) {
  std::vector<int64_t> steps(shape.size(), 0);
  int64_t step = 1;
  for (size_t axis = shape.size(); axis-- > 0;) {
    if (summed[axis]) continue;
    steps[axis] = step;
    step *= shape[axis];
  }
  return steps;
}

// Goes through rows, which are the last axis and those before it that are treated likewise, in the order in which they lie in memory.
void AddAll(const Loops &loops, const std::vector<int64_t> &shape, const std::vector<bool> &summed, const float *x, double *sums) {
  size_t outer = shape.size();
  int64_t columns = 1;
  while (outer > 0 && summed[outer - 1] == summed.back()) columns *= shape[--outer];
  const std::vector<int64_t> steps = Steps(shape, summed);
  std::vector<int64_t> at(outer, 0);
  for (int64_t to = 0;; x += columns) {
    loops.sum_rows(shape.empty() || summed.back(), 1, columns, x, sums + to);
    size_t axis = outer;
    while (axis > 0) {
      axis--;
      to += steps[axis];
      if (++at[axis] < shape[axis]) break;
      to -= steps[axis] * shape[axis];
      at[axis] = 0;
      if (axis == 0) return;
    }
    if (outer == 0) return;
  }
}

// A tensor and the axes that are summed.
template <bool mean>
void Reduce(const Reduction &reduction, Operation &operation) {
  const Operand x = operation.input(0), axes = operation.input(1);
  const std::vector<int64_t> shape = x.shape();
  const std::vector<bool> summed = Summed(shape.size(), axes);
  float *y = operation.output(0, Remaining(shape, summed, reduction.keep));
  if (operation.failed()) return;
  int64_t size = 1;
  for (int64_t length : Remaining(shape, summed, false)) size *= length;
  std::vector<double> sums(size, 0);
  if (x.size() > 0) AddAll(*BestLoops(), shape, summed, x.values(), sums.data());
  const double count = size > 0 ? static_cast<double>(x.size() / size) : 1;
  for (int64_t i = 0; i < size; i++) y[i] = static_cast<float>(mean ? sums[i] / count : sums[i]);
}

}  // namespace

bool ReplaceLibraryKernels() {
  return BestLoops() && ReplaceKernel<Reduction, Reduce<false>>("Sum") && ReplaceKernel<Reduction, Reduce<true>>("Mean") &&
         ReplaceKernel("Exp", Compute<Elementwise<Elementary::kExponential>>) && ReplaceKernel("Log", Compute<Elementwise<Elementary::kLogarithm>>) &&
         ReplaceKernel("Sqrt", Compute<Elementwise<Elementary::kSquareRoot>>) &&
         ReplaceKernel("Rsqrt", Compute<Elementwise<Elementary::kInverseSquareRoot>>) &&
         ReplaceKernel("Sigmoid", Compute<Elementwise<Elementary::kSigmoid>>);
}

}  // namespace workbench
