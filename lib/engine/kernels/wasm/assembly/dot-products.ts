import { bytesOf, promoteHigh, promoteLow } from "./vectors";

/** After so many bytes of both rows their sum in float32 is added to that in float64. */
const chunk: usize = 4096;

/**
 * The product of a matrix with the transpose of another.
 * @param a `[rows, length]`
 * @param b `[columns, length]`
 * @param y `[rows, columns]`, the result
 */
export function dotProducts(a: usize, b: usize, y: usize, rows: i32, columns: i32, length: i32): void {
  const step = bytesOf(length);
  for (let row = 0; row < rows; row++, a += step) {
    let other = b;
    for (let column = 0; column < columns; column++, other += step, y += 4) f32.store(y, <f32>dotProduct(a, other, step));
  }
}

function dotProduct(a: usize, b: usize, bytes: usize): f64 {
  let total: f64 = 0;
  const end = a + bytes;
  while (a + 64 <= end) {
    const stop = min(a + chunk, a + ((end - a) & ~63));
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (; a < stop; a += 64, b += 64) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
    }
    const sums = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
    const pairs = f64x2.add(promoteLow(sums), promoteHigh(sums));
    total += f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  }
  for (; a < end; a += 4, b += 4) total += <f64>f32.load(a) * <f64>f32.load(b);
  return total;
}
