import { promoteHigh, promoteLow } from "./vectors";

/**
 * Adds what some rows of `dy` contribute to four input channels by eight output channels of one filter position.
 * @param x the first column of row 0 of the image in which the rows begin
 * @param dy the first column of the first row
 * @param total float64; the next input channel lies two `upStep` behind
 * @param rows, columns how many; the rows may go on into the next images
 * @param row of its image, the first one
 * @param shift from a row of `dy`, times the stride, to the row of `x` at this filter position
 * @param rowBytes, upRowBytes, step, upStep from row to row and from column to column, in `x` and in `dy`
 * @param wide whether there are eight output channels, or only four
 */
export function addFilterTile(
  x: usize,
  dy: usize,
  total: usize,
  rows: i32,
  columns: i32,
  row: i32,
  outHeight: i32,
  strideHeight: i32,
  shift: i32,
  inHeight: i32,
  rowBytes: usize,
  upRowBytes: usize,
  step: usize,
  upStep: usize,
  wide: bool,
): void {
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s10 = f32x4.splat(0);
  let s11 = f32x4.splat(0);
  let s20 = f32x4.splat(0);
  let s21 = f32x4.splat(0);
  let s30 = f32x4.splat(0);
  let s31 = f32x4.splat(0);
  for (let each = 0; each < rows; each++, dy += upRowBytes) {
    const line = row * strideHeight + shift;
    if (line >= 0 && line < inHeight) {
      let from = x + <usize>line * rowBytes;
      let up = dy;
      if (wide) {
        for (let column = 0; column < columns; column++, from += step, up += upStep) {
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
        }
      } else {
        for (let column = 0; column < columns; column++, from += step, up += upStep) {
          const d0 = v128.load(up);
          s00 = f32x4.add(s00, f32x4.mul(v128.load32_splat(from), d0));
          s10 = f32x4.add(s10, f32x4.mul(v128.load32_splat(from, 4), d0));
          s20 = f32x4.add(s20, f32x4.mul(v128.load32_splat(from, 8), d0));
          s30 = f32x4.add(s30, f32x4.mul(v128.load32_splat(from, 12), d0));
        }
      }
    }
    if (++row === outHeight) {
      row = 0;
      x += <usize>inHeight * rowBytes;
    }
  }
  const next = upStep << 1;
  addInFloat64(total, s00);
  addInFloat64(total + next, s10);
  addInFloat64(total + 2 * next, s20);
  addInFloat64(total + 3 * next, s30);
  if (!wide) return;
  addInFloat64(total + 32, s01);
  addInFloat64(total + next + 32, s11);
  addInFloat64(total + 2 * next + 32, s21);
  addInFloat64(total + 3 * next + 32, s31);
}

/** Adds four float32 to four float64 in memory. */
// @ts-ignore: decorator
@inline
function addInFloat64(at: usize, sums: v128): void {
  v128.store(at, f64x2.add(v128.load(at), promoteLow(sums)));
  v128.store(at, f64x2.add(v128.load(at, 16), promoteHigh(sums)), 16);
}
