#include "grids.h"

#include <algorithm>
#include <cstring>
#include "samples.h"

namespace workbench {

namespace {

// Puts zeros round an image, as many as a kernel looks beyond its edge. @returns the image itself where that is none
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

Image ImageOf(const Tiling &tiling) { return {tiling.rows, tiling.columns, tiling.large, tiling.small}; }

// Whether loops-rows.inc can do it.
bool GoesByRows(const SameSize &layer) { return layer.taps == 3 && layer.tiling.small % 8 == 0; }

}  // namespace

void Turn(const Loops &loops, int64_t taps, int64_t large, int64_t small, const float *kernel, float *turned) {
  const int64_t area = large * small;
  // Read in the order in which they lie, from where they are fetched ahead: kernels come from memory.
  for (int64_t tap = 0; tap < taps * taps; tap++) loops.transpose(large, small, kernel + tap * area, turned + (taps * taps - 1 - tap) * area);
}

bool SameSize::tiled() const {
  // For fewer tiles the transforms take longer than they save, and tiles that reach far over the edge compute what nobody asks for.
  const int64_t pixels = tiling.batch * tiling.rows * tiling.columns;
  return taps == 3 && tiling.large % 8 == 0 && tiling.small % 8 == 0 && tiling.count() >= 4 && pixels >= 8 * tiling.count();
}

void CorrelateTiles(const Loops &loops, const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *kernel, const Epilogue &after,
                    float *small) {
  loops.correlate_tiles(tiling, first, end, large, kernel, after, small, Scratch<2>(TileBlocks(tiling).work(tiling)));
}

void OuterTiles(const Loops &loops, const Tiling &tiling, int64_t first, int64_t end, const float *large, const float *small, float *kernel) {
  loops.outer_tiles(tiling, first, end, large, small, kernel, Scratch<2>(TileBlocks(tiling).work(tiling)));
}

void CorrelateSample(const Loops &loops, const SameSize &layer, const float *large, const float *kernel, const Epilogue &after, float *small) {
  const Tiling &tiling = layer.tiling;
  if (layer.tiled()) return CorrelateTiles(loops, tiling, 0, tiling.each(), large, kernel, after, small);
  const bool wide = tiling.columns >= kRowPixels && tiling.large <= kMostRowChannels;
  if (wide && GoesByRows(layer)) return loops.convolve_rows(ImageOf(tiling), large, kernel, after, small);
  loops.correlate(layer.grid(), Padded(large, tiling.rows, tiling.columns, tiling.large, layer.taps), kernel, after, small);
}

void AddOuterSample(const Loops &loops, const SameSize &layer, const float *large, const float *small, float *kernel) {
  const Tiling &tiling = layer.tiling;
  if (GoesByRows(layer)) return loops.add_outer_rows(ImageOf(tiling), large, small, kernel);
  loops.add_outer(layer.grid(), Padded(large, tiling.rows, tiling.columns, tiling.large, layer.taps), small, kernel);
}

void OuterSample(const Loops &loops, const SameSize &layer, const float *large, const float *small, float *kernel) {
  const Tiling &tiling = layer.tiling;
  if (layer.tiled()) return OuterTiles(loops, tiling, 0, tiling.each(), large, small, kernel);
  std::memset(kernel, 0, layer.taps * layer.taps * tiling.large * tiling.small * sizeof(float));
  AddOuterSample(loops, layer, large, small, kernel);
}

}  // namespace workbench
