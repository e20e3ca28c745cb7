// 3x3 convolutions by tiles of 4 by 4 pixels: see loops-winograd-steps.inc.
#pragma once

#include <cstdint>

namespace workbench {

constexpr int64_t kTileGap = 16;

static inline int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }

// The tiles of a batch of images, those of all samples in one list. The larger image is as large as the smaller one with a margin of one pixel of
// zeros, which does not lie in memory.
struct Tiling {
  int64_t batch, rows, columns;
  // Channels of both, multiples of eight.
  int64_t large, small;
  int64_t across() const { return (columns + 3) / 4; }
  int64_t each() const { return (rows + 3) / 4 * across(); }
  int64_t count() const { return batch * each(); }
};

// From the channels of a tile to those of the next. A power of two would put all of them into the same few lines of the cache.
static inline int64_t TilePitch(int64_t channels) { return channels % 64 == 0 ? channels + kTileGap : channels; }

// How many tiles and channels are worked on at once, so that what is worked on stays in the second cache.
struct TileBlocks {
  explicit TileBlocks(const Tiling &tiling) {
    const bool whole = tiling.large * tiling.small <= 4096;
    // Of a large kernel, which is transformed anew for these tiles. A few tiles take the least time with parts that stay in the first cache.
    const bool few = tiling.count() <= 8;
    large = whole ? tiling.large : Least(tiling.large, few ? 16 : 64);
    small = whole ? tiling.small : Least(tiling.small, few ? 64 : 32);
    const int64_t fitting = 2000 / (tiling.large + tiling.small) / 8 * 8, least = whole ? 16 : 64;
    tiles = Least(fitting < least ? least : fitting, (tiling.count() + 7) / 8 * 8);
  }
  // Whether that is all of a kernel.
  bool whole(const Tiling &tiling) const { return large == tiling.large && small == tiling.small; }
  // From one of the 36 numbers of a tile to the next.
  int64_t distance(int64_t channels) const { return tiles * TilePitch(channels) + kTileGap; }
  int64_t numbers(int64_t channels) const { return 36 * distance(channels); }
  // The memory in numbers that a thread works in.
  int64_t work(const Tiling &tiling) const { return numbers(tiling.large) + numbers(tiling.small) + 36 * (large * small + kTileGap); }
  int64_t large, small, tiles;
};

}  // namespace workbench
