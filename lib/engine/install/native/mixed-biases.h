// The biases of convolutions whose kernels are mixed for every sample, mixed likewise.
#pragma once

#include <vector>
#include "loops.h"
#include "operation.h"

namespace workbench {

// One bias for each sample and channel; nothing where experts have none.
class MixedBiases {
 public:
  // gates `[batch, expert]`, biases `[expert, channel]` or empty
  MixedBiases(const Loops &loops, const Operand &gates, const Operand &biases);
  Epilogue after(int64_t sample) const { return {channels_ > 0 ? values_.data() + sample * channels_ : nullptr, false}; }

 private:
  int64_t channels_;
  std::vector<float> values_;
};

// Adds to the gradient in the gates what comes of the biases. dy `[batch, row, column, channel]`
void AddBiasGradient(const Loops &loops, const Operand &dy, const Operand &biases, float *gradient);

}  // namespace workbench
