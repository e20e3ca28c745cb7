#include "loops.h"

#include <cstdlib>
#include <string>

namespace workbench {

namespace {

// IOPFL_VECTORS=avx2 or none asks for less than the processor has, so that a test sees what other machines compute.
const Loops *FindLoops() {
  const char *given = std::getenv("IOPFL_VECTORS");
  const std::string wanted = given ? given : "";
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (wanted == "none" || !avx2) return nullptr;
  return avx512 && wanted != "avx2" ? &kLoopsAvx512 : &kLoopsAvx2;
}

}  // namespace

const Loops *BestLoops() {
  static const Loops *const best = FindLoops();
  return best;
}

}  // namespace workbench
