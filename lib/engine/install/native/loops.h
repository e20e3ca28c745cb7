// The inner loops of operations of our own, once for each instruction set. TensorFlow has none for convolutions whose kernels differ from sample to
// sample; of others, its own are slower. Pixels are `[row, column, channel]`, kernels `[row, column, channel of the larger image, channel of the
// smaller one]`, one after the other in memory.
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

// Windows of max-pooling over an image.
struct Pooling {
  int64_t rows, columns, out_rows, out_columns;
  // Of a window, the steps from one to the next, and how far the first one reaches beyond the edge.
  int64_t height, width, stride_rows, stride_columns, top, left;
};

// Of each channel: (x - mean) * factor + offset.
struct Normalisation {
  const float *mean, *factor, *offset;
};

// Adam's settings, and what it goes from and to; without AMSGrad there is no largest second moment.
struct Adam {
  // The shares of past and present in the moments; in float32, 1 - 0.999 is 1e-5 off 0.001.
  float past1, present1, past2, present2, epsilon;
  // 1 / sqrt(1 - beta2^t), and the learning rate over 1 - beta1^t.
  float correction, rate;
};
struct Optimised {
  const float *parameters, *first, *second, *largest;
};
struct OptimisedTo {
  float *parameters, *first, *second, *largest;
};

// What `elementary` computes of every number: e^x, log(x), the root, one over it, 1 / (1 + e^-x).
enum class Elementary { kExponential, kLogarithm, kSquareRoot, kInverseSquareRoot, kSigmoid };

// Of pixels `[pixel, class]`.
constexpr int64_t kMostClasses = 64;

struct Loops {
  // small[pixel] = sum over taps of large[tap of the pixel] * kernel[tap], and what comes after it
  void (*correlate)(const Grid &grid, const float *large, const float *kernel, const Epilogue &after, float *small);
  // kernel[tap] += sum over pixels of large[tap of the pixel] * small[pixel]
  void (*add_outer)(const Grid &grid, const float *large, const float *small, float *kernel);
  // The same two for an image without zeros round it, of at least kRowPixels columns for the first, and results of a multiple of 8 channels.
  void (*convolve_rows)(const Image &image, const float *from, const float *kernel, const Epilogue &after, float *to);
  void (*add_outer_rows)(const Image &image, const float *from, const float *upstream, float *kernel);
  // The same for tiles `first` to `end` of all samples, in memory of as many numbers as `TileBlocks` says; the latter does not add to what was there.
  void (*correlate_tiles)(const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *kernel, const Epilogue &after, float *small,
                          float *work);
  void (*outer_tiles)(const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *small, float *kernel, float *work);
  // mixed[sample] = sum over experts of gates[sample, expert] * bank[expert], of the first `count` numbers of rows of `size`
  void (*mix)(int64_t samples, int64_t experts, int64_t size, int64_t count, const float *gates, const float *bank, float *mixed);
  // sums[sample, expert] += <bank[expert], gradients[sample]>, of the same numbers
  void (*project)(int64_t samples, int64_t experts, int64_t size, int64_t count, const float *bank, const float *gradients, double *sums);
  // mean[channel] = mean over pixels of image[pixel, channel]
  void (*average)(int64_t pixels, int64_t channels, const float *image, float *mean);
  // sum[pixel, channel] = image[pixel, channel] + share * values[channel], of some of the `pitch` channels of an image
  void (*add_everywhere)(int64_t pixels, int64_t channels, int64_t pitch, float share, const float *values, const float *image, float *sum);
  // joined[pixel] = first[pixel], second[pixel], and the mean of that
  void (*join_average)(int64_t pixels, int64_t first_channels, int64_t second_channels, const float *first, const float *second, float *joined,
                       float *mean);
  // to[column, row] = from[row, column]
  void (*transpose)(int64_t rows, int64_t columns, const float *from, float *to);
  // y[row, column, channel] = the largest of 2x2 pixels of x, which has twice as many rows and columns
  void (*pool_half)(int64_t rows, int64_t columns, int64_t channels, const float *x, float *y);
  // dx = dy at the first maximum of each window, with y the maxima
  void (*pool_gradient)(const Pooling &pool, int64_t channels, const float *x, const float *y, const float *dy, float *dx);
  // mean[channel], and squares[channel] = sum over pixels of squared deviations from it
  void (*moments)(int64_t pixels, int64_t channels, const float *x, float *mean, float *squares);
  // y = ReLU of x normalised
  void (*rectify)(const Normalisation &by, int64_t pixels, int64_t channels, const float *x, float *y);
  // sums[channel] = sum over pixels of dy where y > 0, products[channel] = the same of dy * (x - mean)
  void (*rectified_sums)(const Normalisation &by, int64_t pixels, int64_t channels, const float *x, const float *dy, float *sums, float *products);
  // dx = factor * ((dy where y > 0) - share - (x - mean) * slope)
  void (*rectify_gradient)(const Normalisation &by, const float *share, const float *slope, int64_t pixels, int64_t channels, const float *x,
                           const float *dy, float *dx);
  // One step of all parameters.
  void (*adam)(const Adam &adam, int64_t size, const Optimised &from, const float *gradient, const OptimisedTo &to);
  // Probabilities of at most kMostClasses classes, and dlogits = p * (dy - sum over classes of dy * p).
  void (*softmax)(int64_t pixels, int64_t classes, const float *logits, float *p);
  void (*softmax_gradient)(int64_t pixels, int64_t classes, const float *p, const float *dy, float *dlogits);
  // Adds to sums[3][class] those of p + y - 2 p y, p y and p + y.
  void (*add_dice_sums)(int64_t pixels, int64_t classes, const float *p, const float *y, double *sums);
  void (*elementary)(Elementary what, int64_t size, const float *x, float *y);
  // Adds rows to sums[column], or adds the numbers of each row to sums[row], in double precision and in an order that depends on their number alone.
  void (*sum_rows)(bool within, int64_t rows, int64_t columns, const float *x, double *sums);
};

extern const Loops kLoopsAvx2, kLoopsAvx512;

// The fastest that this processor can run; nothing where it has no AVX2.
const Loops *BestLoops();

}  // namespace workbench
