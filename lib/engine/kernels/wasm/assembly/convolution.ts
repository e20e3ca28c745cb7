import { bytesOf } from "./vectors";

/**
 * A convolution of one image whose border has been added, four pixels and eight output channels at a time.
 * @param x `[height, width, channels]`
 * @param filter as `packFilter` writes it
 * @param bias `[outChannels]`, filled up to a multiple of 8
 * @param y `[outHeight, outWidth, outChannels]`, the result
 * @param tail eight float32 of scratch
 * @param floor what smaller results are raised to: 0 for ReLU, minus infinity for none
 */
export function convolve(
  x: usize,
  filter: usize,
  bias: usize,
  y: usize,
  tail: usize,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  floor: f32,
): void {
  const least = f32x4.splat(floor);
  const pixels = outHeight * outWidth;
  const rowBytes = bytesOf(width * channels);
  const runBytes = bytesOf(filterWidth * channels);
  const packedRun = runBytes << 3;
  for (let o = 0; o < outChannels; o += 8) {
    const bias0 = v128.load(bias + bytesOf(o));
    const bias1 = v128.load(bias + bytesOf(o), 16);
    for (let pixel = 0; pixel < pixels; pixel += 4) {
      // Behind the last pixel the last one is computed again.
      const last = pixels - 1;
      const second = min(pixel + 1, last);
      const third = min(pixel + 2, last);
      const fourth = min(pixel + 3, last);
      let p0 = x + placeOf(pixel, outWidth, strideHeight, strideWidth, width, channels);
      let p1 = x + placeOf(second, outWidth, strideHeight, strideWidth, width, channels);
      let p2 = x + placeOf(third, outWidth, strideHeight, strideWidth, width, channels);
      let p3 = x + placeOf(fourth, outWidth, strideHeight, strideWidth, width, channels);
      let s00 = bias0;
      let s01 = bias1;
      let s10 = bias0;
      let s11 = bias1;
      let s20 = bias0;
      let s21 = bias1;
      let s30 = bias0;
      let s31 = bias1;
      let w = filter;
      for (let i = 0; i < filterHeight; i++) {
        const end = w + packedRun;
        while (w < end) {
          // Not unrolled, on purpose: V8 would run out of registers.
          const w0 = v128.load(w);
          const w1 = v128.load(w, 16);
          const v0 = v128.load32_splat(p0);
          s00 = f32x4.add(s00, f32x4.mul(v0, w0));
          s01 = f32x4.add(s01, f32x4.mul(v0, w1));
          const v1 = v128.load32_splat(p1);
          s10 = f32x4.add(s10, f32x4.mul(v1, w0));
          s11 = f32x4.add(s11, f32x4.mul(v1, w1));
          const v2 = v128.load32_splat(p2);
          s20 = f32x4.add(s20, f32x4.mul(v2, w0));
          s21 = f32x4.add(s21, f32x4.mul(v2, w1));
          const v3 = v128.load32_splat(p3);
          s30 = f32x4.add(s30, f32x4.mul(v3, w0));
          s31 = f32x4.add(s31, f32x4.mul(v3, w1));
          w += 32;
          p0 += 4;
          p1 += 4;
          p2 += 4;
          p3 += 4;
        }
        p0 += rowBytes - runBytes;
        p1 += rowBytes - runBytes;
        p2 += rowBytes - runBytes;
        p3 += rowBytes - runBytes;
      }
      s00 = f32x4.pmax(s00, least);
      s01 = f32x4.pmax(s01, least);
      s10 = f32x4.pmax(s10, least);
      s11 = f32x4.pmax(s11, least);
      s20 = f32x4.pmax(s20, least);
      s21 = f32x4.pmax(s21, least);
      s30 = f32x4.pmax(s30, least);
      s31 = f32x4.pmax(s31, least);
      const left = outChannels - o;
      storeEight(y + bytesOf(pixel * outChannels + o), s00, s01, left, tail);
      storeEight(y + bytesOf(second * outChannels + o), s10, s11, left, tail);
      storeEight(y + bytesOf(third * outChannels + o), s20, s21, left, tail);
      storeEight(y + bytesOf(fourth * outChannels + o), s30, s31, left, tail);
    }
    filter += packedRun * filterHeight;
  }
}

/** Where the filter's window on an output pixel begins. */
// @ts-ignore: decorator
@inline
function placeOf(pixel: i32, outWidth: i32, strideHeight: i32, strideWidth: i32, width: i32, channels: i32): usize {
  const row = pixel / outWidth;
  return bytesOf((row * strideHeight * width + (pixel - row * outWidth) * strideWidth) * channels);
}

/** Stores eight channels, or as many as are left. */
// @ts-ignore: decorator
@inline
function storeEight(to: usize, first: v128, second: v128, left: i32, tail: usize): void {
  if (left >= 8) {
    v128.store(to, first);
    v128.store(to, second, 16);
    return;
  }
  v128.store(tail, first);
  v128.store(tail, second, 16);
  for (let c: usize = 0; c < bytesOf(left); c += 4) f32.store(to + c, f32.load(tail + c));
}
