import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { computeInGroups } from "./compute";

/** Pixels of a workgroup's block of the result, and its channels; the memory that it shares is the least that a card has, 16 kB. */
const rows = 8;
const columns = 16;
const channels = 32;
const threads = 128;
const haloColumns = columns + 2;
const haloPixels = (rows + 2) * haloColumns;
/** Pixels of a row that one thread computes, for four channels. */
const perThread = 8;

export interface SameConvolution {
  /** `[batch, height, width, in]` */
  readonly x: tf.TensorInfo;
  /** `[3, 3, in, out]`, or that for every sample in one tensor of any shape. */
  readonly filter: tf.TensorInfo;
  /** `[out]`, or that for every sample. */
  readonly bias?: tf.TensorInfo;
  readonly outputs: number;
  readonly relu?: boolean;
}

/** Whether this shader can do a convolution of so many channels: it reads four at once. */
export const fitsFour = (...counts: readonly number[]): boolean => counts.every((count) => count % 4 === 0);

/**
 * A 3x3 convolution with stride 1 and a margin of zeros. A workgroup reads a block of pixels with its rim once for all nine positions of
 * the filter, eight channels at a time; a thread keeps eight pixels of four channels, so that each number that it reads is used eight times.
 * @returns `[batch, height, width, out]`, tracked by `tf.tidy`
 */
export function convolveSame(
  gpu: WebGPUBackend,
  { x, filter, bias, outputs, relu = false }: SameConvolution,
): tf.Tensor {
  const [batch, height, width, inputs] = x.shape;
  const ownFilters = tf.util.sizeFromShape(filter.shape) > 9 * inputs * outputs;
  const ownBiases = bias !== undefined && bias.shape.length > 1;
  return computeInGroups(gpu, {
    key: `convolution ${bias ? "bias" : ""} ${relu ? "relu" : ""}`,
    inputs: { x, weight: filter, ...(bias && { bias }) },
    shape: [batch, height, width, outputs],
    integers: { filterStride: ownFilters ? (9 * inputs * outputs) / 4 : 0, biasStride: ownBiases ? outputs / 4 : 0 },
    components: 4,
    threads,
    groups: [Math.ceil(outputs / channels), Math.ceil(height / rows) * Math.ceil(width / columns), batch],
    code: shader(bias !== undefined, relu),
  });
}

const each = (count: number, code: (index: number) => string, between = "\n"): string =>
  Array.from({ length: count }, (_, index) => code(index)).join(between);

/** The sums of one row of the filter over four input channels, written out so that all numbers stay in registers. */
const products = each(3, (tap) =>
  each(
    4,
    (k) => `
              { let w = weights[((row * 3 + ${tap}) * 8 + quarter * 4 + ${k}) * 8 + lane];
                ${each(perThread, (j) => `sum${j} += p${j + tap}[${k}] * w;`, " ")} }`,
  ),
);

/** Blocks of threads along the channels are `lane`s, those along pixels have a row and half a line each. */
const shader = (bias: boolean, relu: boolean): string => `
      var<workgroup> pixels : array<vec4<f32>, ${2 * haloPixels}>;
      var<workgroup> weights : array<vec4<f32>, ${9 * 8 * 8}>;

      fn main() {
        let local = i32(localIndex);
        let lane = local % 8;
        let height = uniforms.xShape.y;
        let width = uniforms.xShape.z;
        let inputs = uniforms.xShape.w / 4;
        let outputs = uniforms.outShape.w / 4;
        let across = (width + ${columns - 1}) / ${columns};
        let top = (i32(workgroupId.y) / across) * ${rows};
        let left = (i32(workgroupId.y) % across) * ${columns};
        let sample = i32(workgroupId.z);
        let firstOutput = i32(workgroupId.x) * 8;
        let myRow = (local / 8) % ${rows};
        let myColumn = (local / ${8 * rows}) * ${perThread};
        ${each(perThread, (j) => `var sum${j} = vec4<f32>(0.0);`, " ")}
        for (var chunk = 0; chunk < inputs; chunk += 2) {
          for (var at = local; at < ${2 * haloPixels}; at += ${threads}) {
            let pixel = at / 2;
            let quarter = at % 2;
            let y = top + pixel / ${haloColumns} - 1;
            let column = left + pixel % ${haloColumns} - 1;
            var value = vec4<f32>(0.0);
            if (y >= 0 && y < height && column >= 0 && column < width && chunk + quarter < inputs) {
              value = x[((sample * height + y) * width + column) * inputs + chunk + quarter];
            }
            pixels[quarter * ${haloPixels} + pixel] = value;
          }
          for (var at = local; at < ${9 * 8 * 8}; at += ${threads}) {
            let k = chunk * 4 + (at / 8) % 8;
            let output = firstOutput + at % 8;
            var value = vec4<f32>(0.0);
            if (k < inputs * 4 && output < outputs) {
              value = weight[sample * uniforms.filterStride + ((at / 64) * inputs * 4 + k) * outputs + output];
            }
            weights[at] = value;
          }
          workgroupBarrier();
          for (var row = 0; row < 3; row++) {
            for (var quarter = 0; quarter < 2; quarter++) {
              let first = quarter * ${haloPixels} + (myRow + row) * ${haloColumns} + myColumn;
              ${each(perThread + 2, (j) => `let p${j} = pixels[first + ${j}];`, " ")}
              ${products}
            }
          }
          workgroupBarrier();
        }
        let y = top + myRow;
        let output = firstOutput + lane;
        if (y < height && output < outputs) {
          let first = ((sample * height + y) * width + left + myColumn) * outputs + output;
          let room = width - left - myColumn;
          ${bias ? "let shift = bias[sample * uniforms.biasStride + output];" : ""}
          ${each(perThread, (j) => `if (${j} < room) { result[first + ${j} * outputs] = ${finished(`sum${j}`, bias, relu)}; }`, " ")}
        }
      }`;

function finished(sum: string, bias: boolean, relu: boolean): string {
  const shifted = bias ? `${sum} + shift` : sum;
  return relu ? `max(${shifted}, vec4<f32>(0.0))` : shifted;
}
