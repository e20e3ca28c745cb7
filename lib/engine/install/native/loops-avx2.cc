#include "loops.h"

#include <immintrin.h>

#pragma GCC target("avx2,fma")
#define WORKBENCH_LOOPS kLoopsAvx2
#define WORKBENCH_SQUARE_ROOT _mm256_sqrt_ps
namespace {
// Numbers in a register, and registers of each pixel or channel: 8 sums and what they are made of fit into 16 registers.
constexpr int kLanes = 8, kVectors = 1;
}
#include "loops.inc"
