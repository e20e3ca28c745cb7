import { bytesOf, promoteHigh, promoteLow } from "./vectors";

/** After so many pixels a sum in float32 is added to its total in float64. */
const pixelsPerChunk: i32 = 128;

/**
 * The gradient of a convolution in its filter: for every filter position, the transposed matrix of the input's pixels times that of the
 * upstream gradient's.
 * @param x `[batch, inHeight, inWidth, inChannels]`
 * @param dy `[batch, outHeight, outWidth, outChannels]`; both numbers of channels are multiples of 4
 * @param totals float64 `[filterHeight, filterWidth, inChannels, outChannels]`, overwritten
 */
export function filterGradient(
  x: usize,
  dy: usize,
  totals: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  inChannels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  top: i32,
  left: i32,
): void {
  memory.fill(totals, 0, (<usize>(filterHeight * filterWidth * inChannels * outChannels)) << 3);
  const rows = batch * outHeight;
  const chunk = max(1, pixelsPerChunk / outWidth);
  for (let start = 0; start < rows; start += chunk) {
    const end = min(rows, start + chunk);
    let total = totals;
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++) {
        // The columns of dy whose input lies inside the image.
        const shift = j - left;
        const first = shift < 0 ? (strideWidth - 1 - shift) / strideWidth : 0;
        const last = inWidth > shift ? min(outWidth, (inWidth - 1 - shift) / strideWidth + 1) : 0;
        for (let c = 0; c < inChannels; c += 4) {
          for (let o = 0; o < outChannels; o += 8) {
            const wide = o + 4 < outChannels;
            let image = start / outHeight;
            let row = start - image * outHeight;
            let s00 = f32x4.splat(0);
            let s01 = f32x4.splat(0);
            let s10 = f32x4.splat(0);
            let s11 = f32x4.splat(0);
            let s20 = f32x4.splat(0);
            let s21 = f32x4.splat(0);
            let s30 = f32x4.splat(0);
            let s31 = f32x4.splat(0);
            for (let line = start; line < end; line++) {
              const y = row * strideHeight + i - top;
              if (y >= 0 && y < inHeight) {
                let from = x + (bytesOf(((image * inHeight + y) * inWidth + first * strideWidth + shift) * inChannels + c));
                let up = dy + (bytesOf((line * outWidth + first) * outChannels + o));
                const step = bytesOf(strideWidth * inChannels);
                const upStep = bytesOf(outChannels);
                if (wide) {
                  for (let column = first; column < last; column++) {
                    const d0 = v128.load(up);
                    const d1 = v128.load(up, 16);
                    const v0 = v128.load32_splat(from);
                    s00 = f32x4.add(s00, f32x4.mul(v0, d0));
                    s01 = f32x4.add(s01, f32x4.mul(v0, d1));
                    const v1 = v128.load32_splat(from, 4);
                    s10 = f32x4.add(s10, f32x4.mul(v1, d0));
                    s11 = f32x4.add(s11, f32x4.mul(v1, d1));
                    const v2 = v128.load32_splat(from, 8);
                    s20 = f32x4.add(s20, f32x4.mul(v2, d0));
                    s21 = f32x4.add(s21, f32x4.mul(v2, d1));
                    const v3 = v128.load32_splat(from, 12);
                    s30 = f32x4.add(s30, f32x4.mul(v3, d0));
                    s31 = f32x4.add(s31, f32x4.mul(v3, d1));
                    from += step;
                    up += upStep;
                  }
                } else {
                  for (let column = first; column < last; column++) {
                    const d0 = v128.load(up);
                    s00 = f32x4.add(s00, f32x4.mul(v128.load32_splat(from), d0));
                    s10 = f32x4.add(s10, f32x4.mul(v128.load32_splat(from, 4), d0));
                    s20 = f32x4.add(s20, f32x4.mul(v128.load32_splat(from, 8), d0));
                    s30 = f32x4.add(s30, f32x4.mul(v128.load32_splat(from, 12), d0));
                    from += step;
                    up += upStep;
                  }
                }
              }
              if (++row === outHeight) {
                row = 0;
                image++;
              }
            }
            const next = (<usize>outChannels) << 3;
            let at = total + ((<usize>(c * outChannels + o)) << 3);
            addInFloat64(at, s00);
            addInFloat64(at + next, s10);
            addInFloat64(at + 2 * next, s20);
            addInFloat64(at + 3 * next, s30);
            if (wide) {
              at += 32;
              addInFloat64(at, s01);
              addInFloat64(at + next, s11);
              addInFloat64(at + 2 * next, s21);
              addInFloat64(at + 3 * next, s31);
            }
          }
        }
        total += (<usize>(inChannels * outChannels)) << 3;
      }
    }
  }
}

/** Adds four float32 to four float64 in memory. */
// @ts-ignore: decorator
@inline
function addInFloat64(at: usize, sums: v128): void {
  v128.store(at, f64x2.add(v128.load(at), promoteLow(sums)));
  v128.store(at, f64x2.add(v128.load(at, 16), promoteHigh(sums)), 16);
}
