import { bytesOf } from "./vectors";

/** The larger of every two numbers, and NaN where one is. All are of `length` float32. */
export function maximum(a: usize, b: usize, y: usize, length: i32): void {
  const end = y + bytesOf(length);
  for (; y + 16 <= end; y += 16, a += 16, b += 16) v128.store(y, f32x4.max(v128.load(a), v128.load(b)));
  for (; y < end; y += 4, a += 4, b += 4) f32.store(y, max(f32.load(a), f32.load(b)));
}
