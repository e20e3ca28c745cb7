// Cases of loops-correlate, -points, -rows, -rows-gradient, -outer, -product, -transpose and -winograd*.inc.
#include "cases.h"

using namespace workbench;

namespace {

std::string Sizes(std::initializer_list<int64_t> sizes) {
  std::string text;
  for (int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

// Kernels of `taps` by `taps` over an image that has its zeros round it already.
void AddGrids(std::vector<Case> *cases, int64_t rows, int64_t columns, int64_t taps, int64_t stride, int64_t large, int64_t small) {
  const int64_t pitch = (columns - 1) * stride + taps, height = (rows - 1) * stride + taps;
  const Grid grid = {.rows = rows, .columns = columns, .taps = taps, .stride = stride, .pitch = pitch, .large = large, .small = small,
                     .small_stride = 1, .small_pitch = columns};
  const std::string sizes = Sizes({rows, columns, taps, stride, large, small});
  for (bool biased : {false, true}) {
    cases->push_back({"correlate", sizes + (biased ? " bias" : ""), [=](const Loops &loops) {
                        const Numbers image = Pattern(height * pitch * large, 1), kernel = Pattern(taps * taps * large * small, 2), bias = Pattern(small, 3);
                        Numbers result(rows * columns * small);
                        loops.correlate(grid, image.data(), kernel.data(), {biased ? bias.data() : nullptr, biased}, result.data());
                        return result;
                      }});
  }
  cases->push_back({"add_outer", sizes, [=](const Loops &loops) {
                      const Numbers image = Pattern(height * pitch * large, 1), upstream = Pattern(rows * columns * small, 4);
                      Numbers result = Pattern(taps * taps * large * small, 5);
                      loops.add_outer(grid, image.data(), upstream.data(), result.data());
                      return result;
                    }});
}

void AddRows(std::vector<Case> *cases, int64_t rows, int64_t columns, int64_t in, int64_t out) {
  const Image image = {.rows = rows, .columns = columns, .in = in, .out = out};
  const std::string sizes = Sizes({rows, columns, in, out});
  if (columns >= kRowPixels) {
    cases->push_back({"convolve_rows", sizes, [=](const Loops &loops) {
                        const Numbers from = Pattern(rows * columns * in, 1), kernel = Pattern(9 * in * out, 2), bias = Pattern(out, 3);
                        Numbers result(rows * columns * out);
                        loops.convolve_rows(image, from.data(), kernel.data(), {bias.data(), true}, result.data());
                        return result;
                      }});
  }
  cases->push_back({"add_outer_rows", sizes, [=](const Loops &loops) {
                      const Numbers from = Pattern(rows * columns * in, 1), upstream = Pattern(rows * columns * out, 4);
                      Numbers result = Pattern(9 * in * out, 5);
                      loops.add_outer_rows(image, from.data(), upstream.data(), result.data());
                      return result;
                    }});
}

void AddTiles(std::vector<Case> *cases, int64_t batch, int64_t rows, int64_t columns, int64_t large, int64_t small) {
  const Tiling tiling = {.batch = batch, .rows = rows, .columns = columns, .large = large, .small = small};
  const std::string sizes = Sizes({batch, rows, columns, large, small});
  const int64_t pixels = batch * rows * columns;
  cases->push_back({"correlate_tiles", sizes, [=](const Loops &loops) {
                      const Numbers image = Pattern(pixels * large, 1), kernel = Pattern(9 * large * small, 2), bias = Pattern(small, 3);
                      Numbers result(pixels * small), work(TileBlocks(tiling).work(tiling));
                      loops.correlate_tiles(tiling, 0, tiling.count(), image.data(), kernel.data(), {bias.data(), true}, result.data(), work.data());
                      return result;
                    }});
  cases->push_back({"outer_tiles", sizes, [=](const Loops &loops) {
                      const Numbers image = Pattern(pixels * large, 1), upstream = Pattern(pixels * small, 4);
                      Numbers result(9 * large * small), work(TileBlocks(tiling).work(tiling));
                      loops.outer_tiles(tiling, 0, tiling.count(), image.data(), upstream.data(), result.data(), work.data());
                      return result;
                    }});
}

}  // namespace

void AddConvolutions(std::vector<Case> *cases) {
  for (int64_t large : {1, 3, 8, 11, 24}) {
    for (int64_t small : {1, 2, 5, 8, 16, 19, 24, 32, 56}) {
      AddGrids(cases, 5, 7, 3, 1, large, small);
      AddGrids(cases, 4, 6, 1, 1, large, small);
      AddGrids(cases, 3, 9, 2, 2, large, small);
      if (small % 8 == 0) AddRows(cases, 5, 7, large, small), AddRows(cases, 6, 16, large, small), AddRows(cases, 3, 19, large, small);
    }
  }
  AddGrids(cases, 9, 30, 5, 1, 3, 8);
  for (int64_t large : {8, 16, 40}) {
    for (int64_t small : {8, 24, 64}) AddTiles(cases, 2, 7, 9, large, small), AddTiles(cases, 1, 16, 24, large, small);
  }
  // Kernels that are worked on in parts, and more tiles than are summed before they are transformed back.
  AddTiles(cases, 2, 8, 8, 72, 136), AddTiles(cases, 3, 24, 40, 128, 64), AddTiles(cases, 2, 96, 96, 8, 8);
  for (int64_t rows : {1, 8, 19}) {
    for (int64_t columns : {3, 16, 21}) {
      cases->push_back({"transpose", Sizes({rows, columns}), [=](const Loops &loops) {
                          const Numbers from = Pattern(rows * columns, 1);
                          Numbers to(rows * columns);
                          loops.transpose(rows, columns, from.data(), to.data());
                          return to;
                        }});
    }
  }
}
