#include "narrow.h"

#include <vector>
#include "grids.h"

namespace workbench {

namespace {

constexpr int64_t kRegister = 8;

}  // namespace

bool IsNarrow(const Grid &grid) { return grid.taps == 1 && grid.small < kRegister; }

void CorrelateNarrow(const Loops &loops, const Grid &grid, const float *image, const float *kernel, float *result) {
  std::vector<float> wide(grid.large * kRegister), row(grid.columns * kRegister);
  for (int64_t at = 0; at < grid.large * grid.small; at++) wide[at / grid.small * kRegister + at % grid.small] = kernel[at];
  const Grid whole = {1, grid.columns, 1, 1, grid.columns, grid.large, kRegister, 1, grid.columns};
  for (int64_t done = 0; done < grid.rows; done++, image += grid.columns * grid.large) {
    loops.correlate(whole, image, wide.data(), row.data());
    for (int64_t column = 0; column < grid.columns; column++) {
      for (int64_t channel = 0; channel < grid.small; channel++) *result++ = row[column * kRegister + channel];
    }
  }
}

}  // namespace workbench
