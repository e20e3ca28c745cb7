// The inner loops of convolutions whose kernels differ from sample to sample, and of mixing such kernels. TensorFlow has none for this:
// a call of its library for each sample costs as much as the arithmetic. Pixels are `[row, column, channel]`, kernels
// `[row, column, channel of the larger image, channel of the smaller one]`, one after the other in memory.
#pragma once

#include <cstdint>
#include "tiling.h"

namespace workbench {

// How the pixels of two images lie to each other: pixel (row, column) of the smaller one belongs to a square of `taps` by `taps` pixels
// of the larger one, whose first is (row * stride, column * stride).
struct Grid {
  // Of the smaller image.
  int64_t rows, columns;
  int64_t taps, stride;
  // Pixels in a row of the larger image.
  int64_t pitch;
  // Channels of the larger and of the smaller image.
  int64_t large, small;
  // How `correlate` places its results: only every such column and row, in rows of so many such columns.
  int64_t small_stride, small_pitch;
};

struct Loops {
  // small[pixel] = sum over taps of large[tap of the pixel] * kernel[tap]
  void (*correlate)(const Grid &grid, const float *large, const float *kernel, float *small);
  // kernel[tap] += sum over pixels of large[tap of the pixel] * small[pixel]
  void (*add_outer)(const Grid &grid, const float *large, const float *small, float *kernel);
  // The same for tiles `first` to `end` of all samples, in memory of as many numbers as `TileBlocks` says; the latter does not add to what was there.
  void (*correlate_tiles)(const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *kernel, float *small, float *work);
  void (*outer_tiles)(const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *small, float *kernel, float *work);
  // mixed[sample] = sum over experts of gates[sample, expert] * bank[expert], each of `size` numbers
  void (*mix)(int64_t samples, int64_t experts, int64_t size, const float *gates, const float *bank, float *mixed);
  // sums[expert] = <bank[expert], gradient>
  void (*project)(int64_t experts, int64_t size, const float *bank, const float *gradient, float *sums);
  // mean[channel] = mean over pixels of image[pixel, channel]
  void (*average)(int64_t pixels, int64_t channels, const float *image, float *mean);
  // sum[pixel, channel] = image[pixel, channel] + mean[channel] / pixels: the gradient of the above, added to another
  void (*add_average)(int64_t pixels, int64_t channels, const float *mean, const float *image, float *sum);
  // to[column, row] = from[row, column]
  void (*transpose)(int64_t rows, int64_t columns, const float *from, float *to);
};

extern const Loops kLoopsAvx2, kLoopsAvx512;

// The fastest that this processor can run; nothing where it has no AVX2.
const Loops *BestLoops();

}  // namespace workbench
