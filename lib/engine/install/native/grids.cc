#include "grids.h"

#include <algorithm>
#include <cstring>
#include "samples.h"

namespace workbench {

namespace {

// Puts zeros round an image, as many as a kernel looks beyond its edge. @returns the image itself where that is none
const float *Padded(const Image &image, int64_t taps, const float *values) {
  const int64_t margin = (taps - 1) / 2;
  if (margin == 0) return values;
  const int64_t pitch = (image.columns + 2 * margin) * image.in, edge = margin * image.in, row_size = image.columns * image.in;
  float *padded = Scratch<0>((image.rows + 2 * margin) * pitch);
  const auto clear = [](float *from, int64_t size) { std::memset(from, 0, size * sizeof(float)); };
  clear(padded, margin * pitch);
  for (int64_t row = 0; row < image.rows; row++) {
    float *to = padded + (row + margin) * pitch;
    clear(to, edge);
    std::memcpy(to + edge, values + row * row_size, row_size * sizeof(float));
    clear(to + edge + row_size, edge);
  }
  clear(padded + (image.rows + margin) * pitch, margin * pitch);
  return padded;
}

// The grid of a convolution with stride 1 over the padded image.
Grid SameSize(const Image &image, int64_t taps) {
  return {image.rows, image.columns, taps, 1, image.columns + taps - 1, image.in, image.out, 1, image.columns};
}

bool GoesByRows(const Image &image, int64_t taps) { return taps == 3 && WorkSize(SameSize(image, taps)) == 0 && image.out % 8 == 0; }

}  // namespace

void Turn(const Loops &loops, int64_t taps, int64_t large, int64_t small, const float *kernel, float *turned) {
  const int64_t area = large * small;
  for (int64_t tap = 0; tap < taps * taps; tap++) loops.transpose(large, small, kernel + (taps * taps - 1 - tap) * area, turned + tap * area);
}

void ConvolveSame(const Loops &loops, const Image &image, int64_t taps, const float *x, const float *kernel, const Epilogue &after, float *y) {
  const bool wide = image.columns >= kRowPixels && image.in <= kMostRowChannels;
  if (wide && GoesByRows(image, taps)) return loops.convolve_rows(image, x, kernel, after, y);
  Correlate(loops, SameSize(image, taps), Padded(image, taps, x), kernel, after, y);
}

void AddOuterSame(const Loops &loops, const Image &image, int64_t taps, const float *x, const float *dy, float *kernel) {
  if (GoesByRows(image, taps)) return loops.add_outer_rows(image, x, dy, kernel);
  AddOuter(loops, SameSize(image, taps), Padded(image, taps, x), dy, kernel);
}

void Correlate(const Loops &loops, const Grid &grid, const float *large, const float *kernel, const Epilogue &after, float *small) {
  loops.correlate(grid, large, kernel, after, small, Scratch<2>(WorkSize(grid)));
}

void AddOuter(const Loops &loops, const Grid &grid, const float *large, const float *small, float *kernel) {
  loops.add_outer(grid, large, small, kernel, Scratch<2>(WorkSize(grid)));
}

void SumOverSamples(int64_t batch, int64_t size, float *gradient, const std::function<void(int64_t, float *)> &add) {
  const int64_t parts = std::min(ComputingThreads(), batch);
  float *others = Scratch<3>((parts - 1) * size);
  ForEachSample(parts, [&](int64_t part) {
    float *sums = part == 0 ? gradient : others + (part - 1) * size;
    std::memset(sums, 0, size * sizeof(float));
    for (int64_t sample = part * batch / parts; sample < (part + 1) * batch / parts; sample++) add(sample, sums);
  });
  for (int64_t part = 1; part < parts; part++) {
    for (int64_t i = 0; i < size; i++) gradient[i] += others[(part - 1) * size + i];
  }
}

}  // namespace workbench
