import type * as tf from "@tensorflow/tfjs-core";

export interface ConvolutionReference {
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dFilter: Float64Array;
}

/** A convolution and its gradients as plain loops in float64, from the values of input, filter and upstream gradient. */
export function convolveInLoops(
  info: tf.backend_util.Conv2DInfo,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy: ArrayLike<number>,
): ConvolutionReference {
  const {
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    outHeight,
    outWidth,
    outChannels,
    filterHeight,
    filterWidth,
    strideHeight,
    strideWidth,
    padInfo,
  } = info;
  const result = {
    y: new Float64Array(dy.length),
    dx: new Float64Array(x.length),
    dFilter: new Float64Array(filter.length),
  };
  let pixel = 0;
  for (let image = 0; image < batchSize; image++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++, pixel++) {
        for (let i = 0; i < filterHeight; i++) {
          for (let j = 0; j < filterWidth; j++) {
            const [line, place] = [row * strideHeight + i - padInfo.top, column * strideWidth + j - padInfo.left];
            if (line < 0 || line >= inHeight || place < 0 || place >= inWidth) continue;
            for (let c = 0; c < inChannels; c++) {
              const from = ((image * inHeight + line) * inWidth + place) * inChannels + c;
              for (let o = 0; o < outChannels; o++) {
                const weight = ((i * filterWidth + j) * inChannels + c) * outChannels + o;
                const to = pixel * outChannels + o;
                result.y[to] += x[from] * filter[weight];
                result.dx[from] += dy[to] * filter[weight];
                result.dFilter[weight] += dy[to] * x[from];
              }
            }
          }
        }
      }
    }
  }
  return result;
}
