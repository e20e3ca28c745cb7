import { bytesOf, demote, promoteHigh, promoteLow } from "./vectors";

/**
 * Sums over the middle axis in float64, one number after the other, and divides.
 * @param x `[outer, middle, inner]`
 * @param y `[outer, inner]`, the result
 */
export function sumMiddle(x: usize, y: usize, outer: i32, middle: i32, inner: i32, divisor: f64): void {
  const step = bytesOf(inner);
  const whole = step & ~15;
  const divisors = f64x2.splat(divisor);
  for (let each = 0; each < outer; each++) {
    const end = x + <usize>middle * step;
    for (let c: usize = 0; c < whole; c += 16) {
      let low = f64x2.splat(0);
      let high = f64x2.splat(0);
      for (let at = x + c; at < end; at += step) {
        const four = v128.load(at);
        low = f64x2.add(low, promoteLow(four));
        high = f64x2.add(high, promoteHigh(four));
      }
      v128.store(y + c, demote(f64x2.div(low, divisors), f64x2.div(high, divisors)));
    }
    for (let c = whole; c < step; c += 4) {
      let sum: f64 = 0;
      for (let at = x + c; at < end; at += step) sum += <f64>f32.load(at);
      f32.store(y + c, <f32>(sum / divisor));
    }
    x = end;
    y += step;
  }
}
