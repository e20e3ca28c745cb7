import { bytesOf } from "./vectors";

/**
 * The gradient of max-pooling. A tie goes to the first maximum in row-major order, as in PyTorch and TensorFlow.
 * @param dy `[batch, outHeight, outWidth, channels]`
 * @param x `[batch, inHeight, inWidth, channels]`
 * @param dx as x, the result
 */
export function maxPoolGradient(
  dy: usize,
  x: usize,
  dx: usize,
  batch: i32,
  inHeight: i32,
  inWidth: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideHeight: i32,
  strideWidth: i32,
  padTop: i32,
  padLeft: i32,
): void {
  const pixelBytes = bytesOf(channels);
  const rowBytes = <usize>inWidth * pixelBytes;
  const imageBytes = <usize>inHeight * rowBytes;
  memory.fill(dx, 0, <usize>batch * imageBytes);
  for (let image = 0; image < batch; image++, x += imageBytes, dx += imageBytes) {
    for (let row = 0; row < outHeight; row++) {
      const top = max(0, row * strideHeight - padTop);
      const bottom = min(inHeight, row * strideHeight - padTop + filterHeight);
      for (let column = 0; column < outWidth; column++) {
        const left = max(0, column * strideWidth - padLeft);
        const right = min(inWidth, column * strideWidth - padLeft + filterWidth);
        const first = <usize>top * rowBytes + <usize>left * pixelBytes;
        for (let c: usize = 0; c < pixelBytes; c += 4, dy += 4) {
          let best = first + c;
          let largest = f32.load(x + best);
          for (let y = top, line = first + c; y < bottom; y++, line += rowBytes) {
            for (let each = left, at = line; each < right; each++, at += pixelBytes) {
              const value = f32.load(x + at);
              if (value > largest) {
                largest = value;
                best = at;
              }
            }
          }
          f32.store(dx + best, f32.load(dx + best) + f32.load(dy));
        }
      }
    }
  }
}
