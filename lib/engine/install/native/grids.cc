#include "grids.h"

#include <cstring>

namespace workbench {

const float *Padded(const float *image, int64_t rows, int64_t columns, int64_t channels, int64_t taps) {
  const int64_t margin = (taps - 1) / 2;
  if (margin == 0) return image;
  const int64_t pitch = (columns + 2 * margin) * channels, edge = margin * channels, row_size = columns * channels;
  float *padded = Scratch<0>((rows + 2 * margin) * pitch);
  const auto clear = [](float *from, int64_t size) { std::memset(from, 0, size * sizeof(float)); };
  clear(padded, margin * pitch);
  for (int64_t row = 0; row < rows; row++) {
    float *to = padded + (row + margin) * pitch;
    clear(to, edge);
    std::memcpy(to + edge, image + row * row_size, row_size * sizeof(float));
    clear(to + edge + row_size, edge);
  }
  clear(padded + (rows + margin) * pitch, margin * pitch);
  return padded;
}

void Turn(const Loops &loops, int64_t taps, int64_t large, int64_t small, const float *kernel, float *turned) {
  const int64_t area = large * small;
  // Read in the order in which they lie, from where they are fetched ahead: kernels come from memory.
  for (int64_t tap = 0; tap < taps * taps; tap++) loops.transpose(large, small, kernel + tap * area, turned + (taps * taps - 1 - tap) * area);
}

Grid SameSize(int64_t rows, int64_t columns, int64_t taps, int64_t large, int64_t small) {
  return {rows, columns, taps, 1, columns + taps - 1, large, small, 1, columns};
}

void Correlate(const Loops &loops, const Grid &grid, const float *large, const float *kernel, float *small) {
  loops.correlate(grid, large, kernel, small, Scratch<2>(WorkSize(grid)));
}

void AddOuter(const Loops &loops, const Grid &grid, const float *large, const float *small, float *kernel) {
  loops.add_outer(grid, large, small, kernel, Scratch<2>(WorkSize(grid)));
}

}  // namespace workbench
