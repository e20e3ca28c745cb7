// Cases of loops-adam, -elementary, -mix, -softmax and -sum.inc.
#include "cases.h"

using namespace workbench;

namespace {

void AddMixing(std::vector<Case> *cases, int64_t samples, int64_t experts, int64_t size) {
  const std::string sizes = std::to_string(samples) + "x" + std::to_string(experts) + "x" + std::to_string(size);
  cases->push_back({"mix", sizes, [=](const Loops &loops) {
                      const Numbers gates = Pattern(samples * experts, 1), bank = Pattern(experts * size, 2);
                      Numbers mixed(samples * size);
                      loops.mix(samples, experts, size, size, gates.data(), bank.data(), mixed.data());
                      return mixed;
                    }});
  cases->push_back({"project", sizes, [=](const Loops &loops) {
                      const Numbers bank = Pattern(experts * size, 2), gradients = Pattern(samples * size, 3);
                      std::vector<double> sums(samples * experts, 0.5);
                      loops.project(samples, experts, size, size, bank.data(), gradients.data(), sums.data());
                      return Numbers(sums.begin(), sums.end());
                    }});
}

void AddAdam(std::vector<Case> *cases, int64_t size, bool amsgrad) {
  cases->push_back({"adam", std::to_string(size) + (amsgrad ? " amsgrad" : ""), [=](const Loops &loops) {
                      const Adam adam = {.past1 = 0.9f, .present1 = 0.1f, .past2 = 0.999f, .present2 = 0.001f, .epsilon = 1e-8f, .correction = 1.25f, .rate = 1e-3f};
                      const Numbers parameters = Pattern(size, 1), gradient = Pattern(size, 2), first = Pattern(size, 3);
                      Numbers second = Pattern(size, 4), largest = Pattern(size, 5), after(4 * size);
                      for (float &value : second) value *= value;
                      for (float &value : largest) value *= value;
                      const Optimised from = {.parameters = parameters.data(), .first = first.data(), .second = second.data(),
                                              .largest = amsgrad ? largest.data() : nullptr};
                      float *const to = after.data();
                      loops.adam(adam, size, from, gradient.data(),
                                 {.parameters = to, .first = to + size, .second = to + 2 * size, .largest = amsgrad ? to + 3 * size : nullptr});
                      return after;
                    }});
}

void AddSoftmax(std::vector<Case> *cases, int64_t pixels, int64_t classes) {
  const std::string sizes = std::to_string(pixels) + "x" + std::to_string(classes);
  const int64_t size = pixels * classes;
  cases->push_back({"softmax", sizes, [=](const Loops &loops) {
                      Numbers logits = Pattern(size, 1), p(size);
                      for (float &value : logits) value *= 60;
                      loops.softmax(pixels, classes, logits.data(), p.data());
                      return p;
                    }});
  cases->push_back({"softmax_gradient", sizes, [=](const Loops &loops) {
                      const Numbers p = Pattern(size, 1), dy = Pattern(size, 2);
                      Numbers dlogits(size);
                      loops.softmax_gradient(pixels, classes, p.data(), dy.data(), dlogits.data());
                      return dlogits;
                    }});
  cases->push_back({"add_dice_sums", sizes, [=](const Loops &loops) {
                      const Numbers p = Pattern(size, 1), y = Pattern(size, 2);
                      std::vector<double> sums(3 * classes, 0.25);
                      loops.add_dice_sums(pixels, classes, p.data(), y.data(), sums.data());
                      return Numbers(sums.begin(), sums.end());
                    }});
}

void AddElementary(std::vector<Case> *cases, int64_t size) {
  for (Elementary what : {Elementary::kExponential, Elementary::kLogarithm, Elementary::kSquareRoot, Elementary::kInverseSquareRoot, Elementary::kSigmoid}) {
    cases->push_back({"elementary", std::to_string(static_cast<int>(what)) + " of " + std::to_string(size), [=](const Loops &loops) {
                        Numbers x = Pattern(size, 1), y(size);
                        for (float &value : x) value = what == Elementary::kExponential || what == Elementary::kSigmoid ? 100 * value : value * value;
                        loops.elementary(what, size, x.data(), y.data());
                        return y;
                      }});
  }
}

void AddSums(std::vector<Case> *cases, int64_t rows, int64_t columns) {
  for (bool within : {false, true}) {
    cases->push_back({"sum_rows", std::to_string(rows) + "x" + std::to_string(columns), [=](const Loops &loops) {
                        const Numbers x = Pattern(rows * columns, 1);
                        std::vector<double> sums(within ? rows : columns, 0.25);
                        loops.sum_rows(within, rows, columns, x.data(), sums.data());
                        return Numbers(sums.begin(), sums.end());
                      }});
  }
}

}  // namespace

void AddVectors(std::vector<Case> *cases) {
  for (int64_t experts : {1, 2, 4, 5, 6, 7, 13}) {
    for (int64_t size : {1, 7, 16, 72, 2100}) AddMixing(cases, 1, experts, size), AddMixing(cases, 8, experts, size), AddMixing(cases, 3, experts, size);
  }
  for (int64_t size : {1, 15, 16, 100}) AddAdam(cases, size, false), AddAdam(cases, size, true);
  for (int64_t classes : {1, 2, 3, 7, 64}) AddSoftmax(cases, 1, classes), AddSoftmax(cases, 600, classes);
  for (int64_t size : {1, 8, 16, 33}) AddElementary(cases, size);
  for (int64_t columns : {1, 8, 16, 50}) AddSums(cases, 1, columns), AddSums(cases, 7, columns);
}
