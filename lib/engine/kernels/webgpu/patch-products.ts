import type * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { computeInGroups } from "./compute";

/** Sides of a workgroup's block of the result, and how many pixels it takes from a line at once; each thread computes 4 x 4. */
const block = 32;
const depth = 16;
const threads = (block / 4) ** 2;

/** Workgroups into which a filter falls, as a matrix of so many rows and columns. */
export const patchBlocks = (rows: number, columns: number): number =>
  Math.ceil(rows / block) * Math.ceil(columns / block);

/**
 * The gradient of any convolution in its filter, for every sample and share of its lines, as the product of the patches' matrix, which is
 * never stored, with the upstream gradient.
 * @param share lines that a workgroup sums @returns `[part x sample, filter row x filter column x in, out]`, tracked by `tf.tidy`
 */
export function patchProducts(
  gpu: WebGPUBackend,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  info: tf.backend_util.Conv2DInfo,
  share: number,
): tf.Tensor {
  const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth, outChannels, batchSize } = info;
  const rows = filterHeight * filterWidth * info.inChannels;
  const parts = Math.ceil(info.outHeight / share) * batchSize;
  return computeInGroups(gpu, {
    key: "patch products",
    inputs: { x, dy },
    shape: [parts, rows, outChannels],
    integers: { top: padInfo.top, left: padInfo.left, strideHeight, strideWidth, filterWidth, share },
    components: 1,
    threads,
    groups: [Math.ceil(outChannels / block), Math.ceil(rows / block), parts],
    code: shader,
  });
}

const shader = `
      var<workgroup> patches : array<f32, ${depth * block}>;
      var<workgroup> upstream : array<f32, ${depth * block}>;

      fn main() {
        let channels = uniforms.xShape.w;
        let columns = uniforms.dyShape.w;
        let rows = uniforms.outShape.y;
        let sample = i32(workgroupId.z) % uniforms.dyShape.x;
        let firstLine = (i32(workgroupId.z) / uniforms.dyShape.x) * uniforms.share;
        let lane = i32(localIndex) % ${block};
        let firstPixel = i32(localIndex) / ${block};
        // The row of the result, and with it the filter position, that this thread loads.
        let loadedRow = i32(workgroupId.y) * ${block} + lane;
        let position = loadedRow / channels;
        let channel = loadedRow % channels;
        let offset = vec2<i32>(position / uniforms.filterWidth, position % uniforms.filterWidth) - vec2<i32>(uniforms.top, uniforms.left);
        let loadedColumn = i32(workgroupId.x) * ${block} + lane;
        let top = (i32(localIndex) / ${block / 4}) * 4;
        let left = (i32(localIndex) % ${block / 4}) * 4;
        var sums : array<vec4<f32>, 4>;
        let height = uniforms.dyShape.y;
        let width = uniforms.dyShape.z;
        // All threads go round as often: a barrier may not depend on which workgroup it is in.
        for (var each = 0; each < uniforms.share; each++) {
          let line = firstLine + each;
          let known = line < height;
          let y = line * uniforms.strideHeight + offset.x;
          let inside = known && loadedRow < rows && y >= 0 && y < uniforms.xShape.y;
          let source = (sample * uniforms.xShape.y + y) * uniforms.xShape.z;
          let upper = (sample * height + line) * width;
          for (var start = 0; start < width; start += ${depth}) {
            for (var pixel = firstPixel; pixel < ${depth}; pixel += ${threads / block}) {
              let column = start + pixel;
              let x0 = column * uniforms.strideWidth + offset.y;
              var patchValue = 0.0;
              if (inside && column < width && x0 >= 0 && x0 < uniforms.xShape.z) { patchValue = x[(source + x0) * channels + channel]; }
              var gradient = 0.0;
              if (known && column < width && loadedColumn < columns) { gradient = dy[(upper + column) * columns + loadedColumn]; }
              patches[pixel * ${block} + lane] = patchValue;
              upstream[pixel * ${block} + lane] = gradient;
            }
            workgroupBarrier();
            for (var pixel = 0; pixel < ${depth}; pixel++) {
              let at = pixel * ${block} + left;
              let right = vec4<f32>(upstream[at], upstream[at + 1], upstream[at + 2], upstream[at + 3]);
              for (var i = 0; i < 4; i++) { sums[i] += patches[pixel * ${block} + top + i] * right; }
            }
            workgroupBarrier();
          }
        }
        for (var i = 0; i < 4; i++) {
          let row = i32(workgroupId.y) * ${block} + top + i;
          for (var j = 0; j < 4; j++) {
            let column = i32(workgroupId.x) * ${block} + left + j;
            if (row < rows && column < columns) { result[(i32(workgroupId.z) * rows + row) * columns + column] = sums[i][j]; }
          }
        }
      }`;
