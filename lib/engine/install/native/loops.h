// The inner loops of convolutions whose kernels differ from sample to sample, and of mixing such kernels. TensorFlow has none for this:
// a call of its library for each sample costs as much as the arithmetic. Pixels are `[row, column, channel]`, kernels
// `[row, column, channel of the larger image, channel of the smaller one]`, one after the other in memory.
#pragma once

#include <cstdint>

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

// An image that is convolved with a kernel of 3x3 and stride 1, and keeps its size: what lies beyond its edge is zero.
struct Image {
  int64_t rows, columns, in, out;
};

// What is done to a result before it is stored: a number for each channel is added, or none, and what is negative becomes zero, or not.
struct Epilogue {
  const float *bias;
  bool relu;
  // For the channels from here on.
  Epilogue from(int64_t channel) const { return {bias ? bias + channel : nullptr, relu}; }
};

// Pixels of a row that `convolve_rows` works on at once, and the most channels that its images may have.
constexpr int64_t kRowPixels = 8, kMostRowChannels = 512;

constexpr int64_t kTileGap = 16;

// How many tiles of 2 by 2 pixels are worked on at once: few enough for the second cache, a multiple of eight.
static inline int64_t TilesTogether(const Grid &grid) {
  const int64_t fitting = 8192 / (grid.large + grid.small) / 8 * 8;
  return fitting < 16 ? 16 : fitting > 128 ? 128 : fitting;
}

// The memory in numbers that `correlate` and `add_outer` work in: none where they go through the pixels as they are.
static inline int64_t WorkSize(const Grid &grid) {
  const bool whole = grid.taps == 3 && grid.stride == 1 && grid.small_stride == 1 && grid.small_pitch == grid.columns && grid.rows % 2 == 0 &&
                     grid.columns % 2 == 0 && grid.large % 8 == 0 && grid.small % 8 == 0;
  // For fewer channels or tiles the transforms take longer than they save.
  const bool tiled = whole && grid.large >= 16 && grid.small >= 16 && grid.rows * grid.columns >= 64;
  return tiled ? 16 * (grid.large * grid.small + TilesTogether(grid) * (grid.large + grid.small) + 3 * kTileGap) : 0;
}

struct Loops {
  // small[pixel] = sum over taps of large[tap of the pixel] * kernel[tap], and what comes after it
  void (*correlate)(const Grid &grid, const float *large, const float *kernel, const Epilogue &after, float *small, float *work);
  // kernel[tap] += sum over pixels of large[tap of the pixel] * small[pixel]
  void (*add_outer)(const Grid &grid, const float *large, const float *small, float *kernel, float *work);
  // The same two for an image without zeros round it, the first of at least kRowPixels columns, and results of a multiple of 8 channels.
  void (*convolve_rows)(const Image &image, const float *from, const float *kernel, const Epilogue &after, float *to);
  void (*add_outer_rows)(const Image &image, const float *from, const float *upstream, float *kernel);
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
