#include "mixed-biases.h"

#include "samples.h"

namespace workbench {

MixedBiases::MixedBiases(const Loops &loops, const Operand &gates, const Operand &biases) : channels_(0) {
  if (biases.size() == 0) return;
  channels_ = biases.dim(1);
  values_.resize(gates.dim(0) * channels_);
  loops.mix(gates.dim(0), biases.dim(0), channels_, channels_, gates.values(), biases.values(), values_.data());
}

void AddBiasGradient(const Loops &loops, const Operand &dy, const Operand &biases, float *gradient) {
  if (biases.size() == 0) return;
  const int64_t batch = dy.dim(0), pixels = dy.dim(1) * dy.dim(2), channels = dy.dim(3), experts = biases.dim(0);
  std::vector<float> means(batch * channels);
  ForEachSample(batch, [&](int64_t sample) { loops.average(pixels, channels, dy.values() + sample * pixels * channels, means.data() + sample * channels); });
  std::vector<double> sums(batch * experts);
  loops.project(batch, experts, channels, channels, biases.values(), means.data(), sums.data());
  for (int64_t at = 0; at < batch * experts; at++) gradient[at] += static_cast<float>(pixels * sums[at]);
}

}  // namespace workbench
