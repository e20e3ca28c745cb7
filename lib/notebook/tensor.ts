import { printable } from "../core/errors";
import { encodePng } from "../io/png";
import { createBundle, type Bundle } from "./bundle";
import { pictureBundle } from "./image";

/** What of a TensorFlow.js tensor is needed to describe it; the room of the notebooks loads no tensor library for it. */
interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number>;
}

/** Of tensors up to this size all values are shown. */
const shownValues = 64;
const smallestSide = 4;
const shownHeight = 160;

export function isTensor(value: unknown): value is TensorLike {
  const { shape, dtype, dataSync } = (value ?? {}) as Partial<TensorLike>;
  return (
    typeof value === "object" && Array.isArray(shape) && typeof dtype === "string" && typeof dataSync === "function"
  );
}

/** Shape and type of a tensor, its values where they are few, else their range, and a picture of its first plane when it has one. */
export function tensorBundle(tensor: TensorLike): Bundle {
  const name = `Tensor ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return createBundle({ "text/plain": `${name}, disposed` });
  const values = tensor.dataSync();
  const numeric = tensor.dtype !== "string" && values.length > 0;
  const [low, high, mean] = numeric ? rangeOf(values) : [NaN, NaN, NaN];
  const few = values.length <= shownValues ? `: ${nested(values, tensor.shape)}` : "";
  const text =
    numeric && !few
      ? `${name}, ${low.toPrecision(4)} to ${high.toPrecision(4)}, mean ${mean.toPrecision(4)}`
      : name + few;
  const plane = planeOf(tensor.shape);
  if (few || !numeric || !plane) return createBundle({ "text/plain": text });

  const { height, width, stride } = plane;
  const scale = high > low ? 255 / (high - low) : 0;
  const data = Uint8Array.from({ length: height * width }, (_, pixel) => (values[pixel * stride] - low) * scale);
  const size = { width: Math.round((shownHeight * width) / height), height: shownHeight };
  return pictureBundle(encodePng({ width, height, channels: 1, data }), { alt: text, caption: text, text, ...size });
}

/** The values in brackets, as the shape nests them; floats to four digits. */
function nested(values: ArrayLike<unknown>, shape: readonly number[]): string {
  const write = (start: number, depth: number): string => {
    if (depth === shape.length) return written(values[start]);
    const stride = shape.slice(depth + 1).reduce((product, size) => product * size, 1);
    return `[${Array.from({ length: shape[depth] }, (_, index) => write(start + index * stride, depth + 1)).join(", ")}]`;
  };
  return write(0, 0);
}

function written(value: unknown): string {
  return typeof value === "number" ? String(Number(value.toPrecision(4))) : printable(JSON.stringify(value));
}

/** The first plane of `[height, width]`, `[height, width, channel]` or `[batch, height, width, channel]`. */
function planeOf(shape: readonly number[]): { height: number; width: number; stride: number } | undefined {
  if (shape.length < 2 || shape.length > 4) return undefined;
  const [height, width, stride = 1] = shape.length === 4 ? shape.slice(1) : shape;
  return Math.min(height, width) >= smallestSide && stride > 0 ? { height, width, stride } : undefined;
}

function rangeOf(values: ArrayLike<number>): [low: number, high: number, mean: number] {
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
    sum += values[i];
  }
  return [low, high, sum / values.length];
}
