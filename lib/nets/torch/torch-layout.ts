import type { Entry } from "../../core/layout";

/**
 * How a tensor's axes lie in PyTorch: convolutions `[out, in, kh, kw]` and transposed ones `[in, out, kh, kw]`, here
 * `[kh, kw, in, out]` and `[kh, kw, out, in]`; both are the same turn of the axes. Anything else lies alike.
 */
export function torchShape({ shape }: Pick<Entry, "shape">): readonly number[] {
  if (shape.length !== 4) return shape;
  const [height, width, third, fourth] = shape;
  return [fourth, third, height, width];
}

/** @param values in PyTorch's order @param entry tells the shape here @returns the values in the order of this project */
export function fromTorch(values: ArrayLike<number>, entry: Pick<Entry, "shape">): Float32Array {
  return turnAxes(values, entry.shape, false);
}

/** @param values in the order of this project @returns the values in PyTorch's order */
export function toTorch(values: ArrayLike<number>, entry: Pick<Entry, "shape">): Float32Array {
  return turnAxes(values, entry.shape, true);
}

function turnAxes(values: ArrayLike<number>, shape: readonly number[], toPyTorch: boolean): Float32Array {
  if (shape.length !== 4) return Float32Array.from(values);
  const [height, width, third, fourth] = shape;
  const turned = new Float32Array(values.length);
  let here = 0;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      for (let c = 0; c < third; c++) {
        for (let d = 0; d < fourth; d++, here++) {
          const there = ((d * third + c) * height + i) * width + j;
          turned[toPyTorch ? there : here] = values[toPyTorch ? here : there];
        }
      }
    }
  }
  return turned;
}

/** @param values images `[batch, channel, height, width]` @returns `[batch, height, width, channel]` */
export function channelsLast(
  values: ArrayLike<number>,
  [batch, channels, height, width]: readonly number[],
): Float32Array {
  const turned = new Float32Array(values.length);
  const area = height * width;
  for (let b = 0; b < batch; b++) {
    for (let c = 0; c < channels; c++) {
      for (let pixel = 0; pixel < area; pixel++)
        turned[(b * area + pixel) * channels + c] = values[(b * channels + c) * area + pixel];
    }
  }
  return turned;
}

/** @param values images `[batch, height, width, channel]` @returns `[batch, channel, height, width]` */
export function channelsFirst(
  values: ArrayLike<number>,
  [batch, height, width, channels]: readonly number[],
): Float32Array {
  return channelsLast(values, [batch, height * width, channels, 1]);
}
