#include "loops.h"

#include <immintrin.h>

#pragma GCC target("avx2,fma")
#define WORKBENCH_LOOPS kLoopsAvx2
namespace {
// Numbers in a register; registers of each channel in a gradient; pixels whose results, of two registers each, are computed at once. Up to
// 12 sums and what they are made of fit into 16 registers.
constexpr int kLanes = 8, kVectors = 1, kTile = 6;
}
#include "loops.inc"
