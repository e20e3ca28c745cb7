#include "loops.h"

#pragma GCC target("avx2,fma")
#define WORKBENCH_LOOPS kLoopsAvx2
namespace {
// Numbers in a register, and registers of each pixel or channel: 8 sums and what they are made of fit into 16 registers.
constexpr int kLanes = 8, kVectors = 1;
}
#include "loops.inc"
