import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { compute } from "./compute";

/** Into how many parts pixels are summed at first, and then those: enough threads at the start, short loops at the end. */
const firstParts = 2048;
const secondParts = 32;

/**
 * Sums parts that follow each other in memory, in an order that is always the same, and multiplies by a factor.
 * @param shape of one part, and of the result
 */
export function sumParts(gpu: WebGPUBackend, parts: tf.Tensor, shape: readonly number[], factor = 1): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  const few = parts.size > 2 * secondParts * size ? stridedSum(gpu, parts, [secondParts, size], 1) : parts;
  return stridedSum(gpu, few, shape, factor);
}

function stridedSum(gpu: WebGPUBackend, parts: tf.Tensor, shape: readonly number[], factor: number): tf.Tensor {
  return compute(gpu, {
    key: "strided sum",
    inputs: { parts },
    shape,
    integers: { total: parts.size },
    floats: { factor },
    body: `
          var sum = 0.0;
          for (var at = index; at < uniforms.total; at += uniforms.threads) { sum += parts[at]; }
          result[index] = sum * uniforms.factor;`,
  });
}

interface PixelSums {
  readonly key: string;
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  /** Every sample is summed for itself. */
  readonly samples: number;
  /** Of a sample. */
  readonly pixels: number;
  readonly channels: number;
  /** WGSL of what is summed, knowing the index `at` of a number in the tensors and its `channel`; one expression for each kind of sum. */
  readonly terms: readonly string[];
  readonly factor?: number;
}

/** @returns sums over the pixels `[kind, sample, channel]` */
export function pixelSums(
  gpu: WebGPUBackend,
  { key, inputs, samples, pixels, channels, terms, factor }: PixelSums,
): tf.Tensor {
  const parts = Math.min(pixels, Math.max(secondParts, Math.floor(firstParts / samples)));
  const each = (code: (term: string, kind: number) => string) => terms.map(code).join(" ");
  const sums = compute(gpu, {
    key: `pixel sums ${key}`,
    inputs,
    shape: [parts, terms.length, samples * channels],
    threads: parts * samples * channels,
    integers: { pixels, channels, columns: samples * channels, parts },
    body: `
          let column = index % uniforms.columns;
          let sample = column / uniforms.channels;
          let channel = column % uniforms.channels;
          let part = index / uniforms.columns;
          ${each((_, kind) => `var sum${kind} = 0.0;`)}
          for (var pixel = part; pixel < uniforms.pixels; pixel += uniforms.parts) {
            let at = (sample * uniforms.pixels + pixel) * uniforms.channels + channel;
            ${each((term, kind) => `sum${kind} += ${term};`)}
          }
          ${each((_, kind) => `result[(part * ${terms.length} + ${kind}) * uniforms.columns + column] = sum${kind};`)}`,
  });
  return sumParts(gpu, sums, [terms.length, samples, channels], factor);
}
