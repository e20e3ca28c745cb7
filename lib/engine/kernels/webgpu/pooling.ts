import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { compute } from "./compute";

/** Max-pooling by halves, one call. @param original of the back end, which keeps doing all others */
export function maxPoolHalfKernel(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const { x } = call.inputs as Readonly<Record<string, tf.TensorInfo>>;
      const half = halving(x, call.attrs);
      if (!half) return original.kernelFunc(call);
      return compute(call.backend as WebGPUBackend, {
        key: "halve",
        inputs: { x },
        ...half,
        body: `
          let channel = index % uniforms.channels;
          let column = (index / uniforms.channels) % uniforms.columns;
          let row = index / (uniforms.channels * uniforms.columns);
          let right = uniforms.channels;
          let below = 2 * uniforms.columns * uniforms.channels;
          let corner = (row * 4 * uniforms.columns + column * 2) * uniforms.channels + channel;
          result[index] = max(max(x[corner], x[corner + right]), max(x[corner + below], x[corner + below + right]));`,
      });
    },
  };
}

/**
 * The gradient of max-pooling, one call: of every window that a number lies in, it takes the share if it is the first of the window's largest,
 * as in PyTorch. The back end's own writes down where the largest lie and gives the share to the last of them.
 */
export const maxPoolGradKernel: tf.KernelConfig = {
  kernelName: tf.MaxPoolGrad,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) => {
    const { dy, input: x } = inputs as Readonly<Record<string, tf.TensorInfo>>;
    const info = geometry(x, attrs);
    const [height, width] = [info.filterHeight, info.filterWidth];
    return compute(backend as WebGPUBackend, {
      key: `pooling gradient ${height} ${width}`,
      inputs: { dy, x },
      shape: x.shape,
      integers: {
        ...{ rows: info.inHeight, columns: info.inWidth, channels: info.inChannels },
        ...{ outRows: info.outHeight, outColumns: info.outWidth },
        ...{ down: info.strideHeight, right: info.strideWidth, top: info.padInfo.top, left: info.padInfo.left },
      },
      body: `
          let channel = index % uniforms.channels;
          let column = (index / uniforms.channels) % uniforms.columns;
          let row = (index / (uniforms.channels * uniforms.columns)) % uniforms.rows;
          let image = index / (uniforms.channels * uniforms.columns * uniforms.rows);
          let own = x[index];
          var sum = 0.0;
          // The windows that begin at most so far up and left that they reach here.
          for (var windowRow = max(0, (row + uniforms.top - ${height} + uniforms.down) / uniforms.down);
               windowRow < min(uniforms.outRows, (row + uniforms.top) / uniforms.down + 1); windowRow++) {
            for (var windowColumn = max(0, (column + uniforms.left - ${width} + uniforms.right) / uniforms.right);
                 windowColumn < min(uniforms.outColumns, (column + uniforms.left) / uniforms.right + 1); windowColumn++) {
              var first = true;
              for (var place = 0; place < ${height * width}; place++) {
                let otherRow = windowRow * uniforms.down - uniforms.top + place / ${width};
                let otherColumn = windowColumn * uniforms.right - uniforms.left + place % ${width};
                if (otherRow >= 0 && otherRow < uniforms.rows && otherColumn >= 0 && otherColumn < uniforms.columns) {
                  let at = ((image * uniforms.rows + otherRow) * uniforms.columns + otherColumn) * uniforms.channels + channel;
                  if (x[at] > own || (x[at] == own && at < index)) { first = false; }
                }
              }
              if (first) {
                sum += dy[((image * uniforms.outRows + windowRow) * uniforms.outColumns + windowColumn) * uniforms.channels + channel];
              }
            }
          }
          result[index] = sum;`,
    });
  },
};

function geometry(x: tf.TensorInfo, attributes: tf.NamedAttrMap | undefined) {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.MaxPoolGradAttrs;
  const shape = x.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** @returns the result's shape and what the shader asks for, where pooling halves images of even sides */
function halving(x: tf.TensorInfo, attributes: tf.NamedAttrMap | undefined) {
  const info = geometry(x, attributes);
  const byTwo = [info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth].every((each) => each === 2);
  const whole = info.inHeight === 2 * info.outHeight && info.inWidth === 2 * info.outWidth;
  if (!byTwo || !whole || info.padInfo.top !== 0 || info.padInfo.left !== 0) return undefined;
  return { shape: info.outShape, integers: { columns: info.outWidth, channels: info.inChannels } };
}
