import { bytesOf } from "./vectors";

/**
 * Four pixels of eight output channels.
 * @param x0, x1, x2, x3 where the filter's windows on the four begin
 * @param filter `[filterHeight, filterWidth * channels, 8]`
 * @param y0, y1, y2, y3 the results
 * @param runBytes, rowBytes of a row of the window, and of the image
 * @param count how many of the eight channels there are
 */
export function convolveTile(
  x0: usize,
  x1: usize,
  x2: usize,
  x3: usize,
  filter: usize,
  bias: usize,
  y0: usize,
  y1: usize,
  y2: usize,
  y3: usize,
  tail: usize,
  filterHeight: i32,
  runBytes: usize,
  rowBytes: usize,
  count: i32,
  floor: f32,
): void {
  let s00 = v128.load(bias);
  let s01 = v128.load(bias, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  for (let i = 0; i < filterHeight; i++) {
    const end = x0 + runBytes;
    // Not unrolled, on purpose: V8 would run out of registers.
    for (; x0 < end; x0 += 4, x1 += 4, x2 += 4, x3 += 4, filter += 32) {
      const w0 = v128.load(filter);
      const w1 = v128.load(filter, 16);
      const v0 = v128.load32_splat(x0);
      s00 = f32x4.add(s00, f32x4.mul(v0, w0));
      s01 = f32x4.add(s01, f32x4.mul(v0, w1));
      const v1 = v128.load32_splat(x1);
      s10 = f32x4.add(s10, f32x4.mul(v1, w0));
      s11 = f32x4.add(s11, f32x4.mul(v1, w1));
      const v2 = v128.load32_splat(x2);
      s20 = f32x4.add(s20, f32x4.mul(v2, w0));
      s21 = f32x4.add(s21, f32x4.mul(v2, w1));
      const v3 = v128.load32_splat(x3);
      s30 = f32x4.add(s30, f32x4.mul(v3, w0));
      s31 = f32x4.add(s31, f32x4.mul(v3, w1));
    }
    x0 += rowBytes - runBytes;
    x1 += rowBytes - runBytes;
    x2 += rowBytes - runBytes;
    x3 += rowBytes - runBytes;
  }
  const least = f32x4.splat(floor);
  storeEight(y0, f32x4.pmax(s00, least), f32x4.pmax(s01, least), count, tail);
  storeEight(y1, f32x4.pmax(s10, least), f32x4.pmax(s11, least), count, tail);
  storeEight(y2, f32x4.pmax(s20, least), f32x4.pmax(s21, least), count, tail);
  storeEight(y3, f32x4.pmax(s30, least), f32x4.pmax(s31, least), count, tail);
}

/** Stores eight channels, or the first ones of them. */
// @ts-ignore: decorator
@inline
function storeEight(to: usize, first: v128, second: v128, count: i32, tail: usize): void {
  if (count === 8) {
    v128.store(to, first);
    v128.store(to, second, 16);
    return;
  }
  v128.store(tail, first);
  v128.store(tail, second, 16);
  for (let c: usize = 0; c < bytesOf(count); c += 4) f32.store(to + c, f32.load(tail + c));
}
