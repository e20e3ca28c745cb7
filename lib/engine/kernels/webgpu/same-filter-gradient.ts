import type * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { computeInGroups } from "./compute";

/** A workgroup computes all nine positions of so many input and output channels, from so many pixels of three lines at once. */
const channels = 32;
const pixels = 16;
const threads = 128;
const nine = Array.from({ length: 9 }, (_, tap) => ({ row: Math.floor(tap / 3), column: tap % 3, tap }));
const three = [0, 1, 2];

/**
 * The gradient of `convolveSame` in its filter, for every sample and share of its lines: each pixel that is read serves all nine positions.
 * @param x `[batch, height, width, in]` @param dy `[batch, height, width, out]`
 * @param share lines that a workgroup sums @returns `[part, batch, 3, 3, in, out]`, tracked by `tf.tidy`
 */
export function sameFilterGradientParts(
  gpu: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  share: number,
): tf.Tensor {
  const [batch, height, , inputs] = x.shape;
  const outputs = dy.shape[3];
  const parts = Math.ceil(height / share);
  return computeInGroups(gpu, {
    key: "filter gradient",
    inputs: { x, dy },
    shape: [parts * batch, 9 * inputs, outputs],
    integers: { share },
    components: 4,
    threads,
    groups: [Math.ceil(outputs / channels), Math.ceil(inputs / channels), parts * batch],
    code: shader,
  });
}

/** The most workgroups' worth of blocks into which the channels fall. */
export const blocksOf = (inputs: number, outputs: number): number =>
  Math.ceil(inputs / channels) * Math.ceil(outputs / channels);

const shader = `
      var<workgroup> patches : array<vec2<f32>, ${3 * (pixels + 2) * (channels / 2)}>;
      var<workgroup> upstream : array<vec4<f32>, ${pixels * (channels / 4)}>;

      fn main() {
        let local = i32(localIndex);
        let lane = local % 8;
        let pair = local / 8;
        let batch = uniforms.xShape.x;
        let height = uniforms.xShape.y;
        let width = uniforms.xShape.z;
        let inputs = uniforms.xShape.w / 4;
        let outputs = uniforms.dyShape.w / 4;
        let sample = i32(workgroupId.z) % batch;
        let firstLine = (i32(workgroupId.z) / batch) * uniforms.share;
        let firstInput = i32(workgroupId.y) * 8;
        let output = i32(workgroupId.x) * 8 + lane;
        ${nine.map(({ tap }) => `var even${tap} = vec4<f32>(0.0); var odd${tap} = vec4<f32>(0.0);`).join(" ")}
        // All threads go round as often: a barrier may not depend on which workgroup it is in.
        for (var each = 0; each < uniforms.share; each++) {
          let y = firstLine + each;
          for (var start = 0; start < width; start += ${pixels}) {
            let column = start + local / 8;
            var gradient = vec4<f32>(0.0);
            if (y < height && column < width && output < outputs) {
              gradient = dy[((sample * height + y) * width + column) * outputs + output];
            }
            upstream[local] = gradient;
            for (var at = local; at < ${3 * (pixels + 2) * (channels / 4)}; at += ${threads}) {
              let quarter = at % 8;
              let line = y + at / ${8 * (pixels + 2)} - 1;
              let x0 = start + (at / 8) % ${pixels + 2} - 1;
              var value = vec4<f32>(0.0);
              if (y < height && line >= 0 && line < height && x0 >= 0 && x0 < width && firstInput + quarter < inputs) {
                value = x[((sample * height + line) * width + x0) * inputs + firstInput + quarter];
              }
              patches[at * 2] = value.xy;
              patches[at * 2 + 1] = value.zw;
            }
            workgroupBarrier();
            ${three.map((row) => [0, 1].map((column) => `var x${row}${column} = patches[${(row * (pixels + 2) + column) * 16} + pair];`).join(" ")).join(" ")}
            for (var pixel = 0; pixel < ${pixels}; pixel++) {
              ${three.map((row) => `let x${row}2 = patches[(${row * (pixels + 2) + 2} + pixel) * 16 + pair];`).join(" ")}
              let d = upstream[pixel * 8 + lane];
              ${nine.map(({ row, column, tap }) => `even${tap} += x${row}${column}.x * d; odd${tap} += x${row}${column}.y * d;`).join(" ")}
              ${three.map((row) => `x${row}0 = x${row}1; x${row}1 = x${row}2;`).join(" ")}
            }
            workgroupBarrier();
          }
        }
        let channel = firstInput * 4 + pair * 2;
        if (channel < inputs * 4 && output < outputs) {
          let first = (i32(workgroupId.z) * 9 * inputs * 4 + channel) * outputs + output;
          ${nine.map(({ tap }) => `{ let at = first + ${tap} * inputs * 4 * outputs; result[at] = even${tap}; result[at + outputs] = odd${tap}; }`).join("\n          ")}
        }
      }`;
