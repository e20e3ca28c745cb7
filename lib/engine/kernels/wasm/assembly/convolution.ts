import { convolveTile } from "./convolution-tile";
import { bytesOf } from "./vectors";

/** So many pixels get all their output channels before the next ones: of a large image, the input stays in the cache. */
const pixelsPerBand: i32 = 256;

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
  const pixels = outHeight * outWidth;
  const rowBytes = bytesOf(width * channels);
  const runBytes = bytesOf(filterWidth * channels);
  const step = bytesOf(strideWidth * channels);
  const rowStep = <usize>strideHeight * rowBytes;
  for (let start = 0; start < pixels; start += pixelsPerBand) {
    const end = min(pixels, start + pixelsPerBand);
    let block = filter;
    for (let o = 0; o < outChannels; o += 8) {
      for (let first = start; first < end; first += 4) {
        // Behind the last pixel the last one is computed again.
        const second = min(first + 1, pixels - 1);
        const third = min(first + 2, pixels - 1);
        const fourth = min(first + 3, pixels - 1);
        convolveTile(
          x + windowOf(first, outWidth, rowStep, step),
          x + windowOf(second, outWidth, rowStep, step),
          x + windowOf(third, outWidth, rowStep, step),
          x + windowOf(fourth, outWidth, rowStep, step),
          block,
          bias + bytesOf(o),
          y + bytesOf(first * outChannels + o),
          y + bytesOf(second * outChannels + o),
          y + bytesOf(third * outChannels + o),
          y + bytesOf(fourth * outChannels + o),
          tail,
          filterHeight,
          runBytes,
          rowBytes,
          min(8, outChannels - o),
          floor,
        );
      }
      block += (runBytes << 3) * filterHeight;
    }
  }
}

/** Where the filter's window on an output pixel begins. */
// @ts-ignore: decorator
@inline
function windowOf(pixel: i32, outWidth: i32, rowStep: usize, step: usize): usize {
  const row = pixel / outWidth;
  return <usize>row * rowStep + <usize>(pixel - row * outWidth) * step;
}
