#include "loops.h"

#include <immintrin.h>

#pragma GCC target("avx512f,avx512vl,avx512dq,avx2,fma")
#define WORKBENCH_LOOPS kLoopsAvx512
#define WORKBENCH_AVX512
namespace {
// As for AVX2. 16 sums and what they are made of fit into 32 registers.
constexpr int kLanes = 16, kVectors = 2, kTile = 8;
}
#include "loops.inc"
