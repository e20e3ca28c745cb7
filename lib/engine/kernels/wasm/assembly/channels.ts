import { bytesOf } from "./vectors";

/** Copies `[pixels, from]` into `[pixels, to]`: the channels that are missing become zeros, those too many are left out. */
export function resizeChannels(source: usize, target: usize, pixels: i32, from: i32, to: i32): void {
  const kept = bytesOf(min(from, to));
  const width = bytesOf(to);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c: usize = 0; c < kept; c += 4) f32.store(target + c, f32.load(source + c));
    for (let c = kept; c < width; c += 4) f32.store(target + c, 0);
    source += bytesOf(from);
    target += width;
  }
}
