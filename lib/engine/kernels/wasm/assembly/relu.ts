import { bytesOf } from "./vectors";

/** Passes the upstream gradient where the output is positive. All are of `length` float32. */
export function reluGradient(dy: usize, y: usize, dx: usize, length: i32): void {
  const end = dx + bytesOf(length);
  const zero = f32x4.splat(0);
  for (; dx + 16 <= end; dx += 16, dy += 16, y += 16) v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
  for (; dx < end; dx += 4, dy += 4, y += 4) f32.store(dx, f32.load(y) > 0 ? f32.load(dy) : 0);
}
