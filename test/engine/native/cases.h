// Small problems for every loop of lib/engine/install/native/loops.h. Buffers are exactly as long as they must be, so that a sanitizer sees what
// reads or writes beyond them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>
#include "loops.h"

typedef std::vector<float> Numbers;

struct Case {
  // The loop, and the sizes.
  std::string loop, sizes;
  std::function<Numbers(const workbench::Loops &)> compute;
};

// Repeatable numbers in (-1, 1), others for every seed.
Numbers Pattern(int64_t size, uint32_t seed);

// Each adds its cases: of convolutions, of batch normalisation and pooling, and of everything else.
void AddConvolutions(std::vector<Case> *cases);
void AddPixels(std::vector<Case> *cases);
void AddVectors(std::vector<Case> *cases);
