import { addFilterTile } from "./filter-tile";
import { bytesOf } from "./vectors";

/** So many pixels, or a whole row, are summed in float32 before they are added to their total in float64. */
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
  const step = bytesOf(strideWidth * inChannels);
  const upStep = bytesOf(outChannels);
  memory.fill(totals, 0, bytesOf(filterHeight * filterWidth * inChannels * outChannels) << 1);
  // The rows of all images are counted through.
  const rows = batch * outHeight;
  const chunk = max(1, pixelsPerChunk / outWidth);
  for (let start = 0; start < rows; start += chunk) {
    const end = min(rows, start + chunk);
    const image = start / outHeight;
    let position = 0;
    for (let i = 0; i < filterHeight; i++) {
      for (let j = 0; j < filterWidth; j++, position++) {
        // The columns of dy whose input lies inside the image.
        const shift = j - left;
        const first = shift < 0 ? (strideWidth - 1 - shift) / strideWidth : 0;
        const last = inWidth > shift ? min(outWidth, (inWidth - 1 - shift) / strideWidth + 1) : 0;
        const from = x + bytesOf((image * inHeight * inWidth + first * strideWidth + shift) * inChannels);
        const up = dy + bytesOf((start * outWidth + first) * outChannels);
        for (let c = 0; c < inChannels; c += 4) {
          for (let o = 0; o < outChannels; o += 8) {
            addFilterTile(
              from + bytesOf(c),
              up + bytesOf(o),
              totals + (bytesOf((position * inChannels + c) * outChannels + o) << 1),
              end - start,
              last - first,
              start - image * outHeight,
              outHeight,
              strideHeight,
              i - top,
              inHeight,
              bytesOf(inWidth * inChannels),
              bytesOf(outWidth * outChannels),
              step,
              upStep,
              o + 4 < outChannels,
            );
          }
        }
      }
    }
  }
}
