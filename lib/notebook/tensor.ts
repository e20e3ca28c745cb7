import { encodePng } from "../io/png";
import { base64, createBundle, type Bundle } from "./bundle";

/** What of a TensorFlow.js tensor is needed to describe it; the room of the notebooks loads no tensor library for it. */
interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<number>;
}

const smallestSide = 4;
const shownHeight = 160;

export function isTensor(value: unknown): value is TensorLike {
  const { shape, dtype, dataSync } = (value ?? {}) as Partial<TensorLike>;
  return (
    typeof value === "object" && Array.isArray(shape) && typeof dtype === "string" && typeof dataSync === "function"
  );
}

/** Shape, type and range of a tensor, and a picture of its first plane when it has one; never a dump of numbers. */
export function tensorBundle(tensor: TensorLike): Bundle {
  const name = `Tensor ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return createBundle({ "text/plain": `${name}, disposed` });
  const values = tensor.dataSync();
  const numeric = tensor.dtype !== "string" && values.length > 0;
  const [low, high, mean] = numeric ? rangeOf(values) : [NaN, NaN, NaN];
  const few = values.length <= 8 ? `: ${Array.from(values, String).join(", ")}` : "";
  const text =
    numeric && !few
      ? `${name}, ${low.toPrecision(4)} to ${high.toPrecision(4)}, mean ${mean.toPrecision(4)}`
      : name + few;
  const plane = planeOf(tensor.shape);
  if (!numeric || !plane) return createBundle({ "text/plain": text });

  const { height, width, stride } = plane;
  const scale = high > low ? 255 / (high - low) : 0;
  const data = Uint8Array.from({ length: height * width }, (_, pixel) => (values[pixel * stride] - low) * scale);
  const shown = { width: Math.round((shownHeight * width) / height), height: shownHeight };
  return createBundle(
    {
      "image/png": base64(encodePng({ width, height, channels: 1, data })),
      "text/plain": text,
      "text/markdown": `\`${text}\``,
    },
    { "image/png": shown },
  );
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
