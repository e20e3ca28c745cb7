import { bytesOf } from "./vectors";

/**
 * Copies an image into a larger one, with zeros around it.
 * @param source `[height, width, channels]`
 * @param target `[targetHeight, targetWidth, channels]`
 */
export function padImage(
  source: usize,
  target: usize,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  targetHeight: i32,
  targetWidth: i32,
): void {
  const row = bytesOf(width * channels);
  const targetRow = bytesOf(targetWidth * channels);
  memory.fill(target, 0, <usize>targetHeight * targetRow);
  target += <usize>top * targetRow + bytesOf(left * channels);
  for (let y = 0; y < height; y++, source += row, target += targetRow) memory.copy(target, source, row);
}
