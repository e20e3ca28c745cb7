import * as tf from "@tensorflow/tfjs-core";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { filterGradientParts } from "./filter-gradient";
import { turnFilters } from "./mixture";
import { convolveSame, fitsFour } from "./same-convolution";
import { sumParts } from "./sums";

/** Convolutions whose filters differ from sample to sample, `mixed` being `[sample, kh x kw x channel x channel]`. */
interface Layer {
  value(gpu: WebGPUBackend, x: tf.Tensor4D, mixed: tf.Tensor2D, shift: tf.Tensor2D | undefined): tf.Tensor;
  inputGradient(gpu: WebGPUBackend, dy: tf.Tensor4D, mixed: tf.Tensor2D): tf.Tensor;
  /** @returns as large as `mixed` */
  filterGradient(gpu: WebGPUBackend, x: tf.Tensor4D, dy: tf.Tensor4D): tf.Tensor;
}

/** @param kernel `[kh, kw, in, out]`, transposed `[kh, kw, out, in]` @returns nothing for a kernel that no routed network has */
export function mixedLayer(kernel: readonly number[], transposed: boolean): Layer | undefined {
  const [height, width] = kernel;
  if (transposed) return enlargement(kernel);
  if (height === 1 && width === 1) return pointwise(kernel);
  return height === 3 && width === 3 ? same(kernel) : undefined;
}

/** 3x3; channels that do not come in fours, those of the images, are filled up with zeros. */
function same([, , inputs, outputs]: readonly number[]): Layer {
  const whole = (count: number) => Math.ceil(count / 4) * 4;
  const [wholeInputs, wholeOutputs] = [whole(inputs), whole(outputs)];
  const fits = fitsFour(inputs, outputs);
  const filledUp = (mixed: tf.Tensor2D): tf.Tensor => {
    const five = tf.reshape(mixed, [mixed.shape[0] * 9, inputs, outputs]);
    return fits
      ? mixed
      : tf.pad(five, [
          [0, 0],
          [0, wholeInputs - inputs],
          [0, wholeOutputs - outputs],
        ]);
  };
  const channels = (x: tf.Tensor, count: number) =>
    x.shape[3] === count
      ? x
      : tf.pad(x, [
          [0, 0],
          [0, 0],
          [0, 0],
          [0, count - (x.shape[3] ?? 0)],
        ]);
  const cut = (x: tf.Tensor, count: number) =>
    x.shape[3] === count ? x : tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, count]);
  const flat = (filters: tf.Tensor, samples: number) =>
    tf.reshape<tf.Rank.R2>(filters, [samples, 9 * wholeInputs * wholeOutputs]);
  return {
    value(gpu, x, mixed, shift) {
      const filter = flat(filledUp(mixed), x.shape[0]);
      const bias =
        shift &&
        (fits
          ? shift
          : tf.pad(shift, [
              [0, 0],
              [0, wholeOutputs - outputs],
            ]));
      return cut(convolveSame(gpu, { x: channels(x, wholeInputs), filter, bias, outputs: wholeOutputs }), outputs);
    },
    inputGradient(gpu, dy, mixed) {
      const filter = turnFilters(gpu, flat(filledUp(mixed), dy.shape[0]), wholeInputs, wholeOutputs);
      return cut(convolveSame(gpu, { x: channels(dy, wholeOutputs), filter, outputs: wholeInputs }), inputs);
    },
    filterGradient(gpu, x, dy) {
      const info = tf.backend_util.computeConv2DInfo(x.shape, [3, 3, inputs, outputs], 1, 1, "same");
      return sumParts(gpu, filterGradientParts(gpu, x, dy, info), [x.shape[0], 9 * inputs * outputs]);
    },
  };
}

/** All pixels of a sample as the rows of a matrix. */
const matrices = (x: tf.Tensor4D) => tf.reshape<tf.Rank.R3>(x, [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]]);

function pointwise([, , inputs, outputs]: readonly number[]): Layer {
  const filters = (mixed: tf.Tensor2D) => tf.reshape<tf.Rank.R3>(mixed, [mixed.shape[0], inputs, outputs]);
  return {
    value(_gpu, x, mixed, shift) {
      const product = tf.matMul(matrices(x), filters(mixed));
      const shifted = shift ? tf.add(product, tf.reshape(shift, [x.shape[0], 1, outputs])) : product;
      return tf.reshape(shifted, [...x.shape.slice(0, 3), outputs]);
    },
    inputGradient: (_gpu, dy, mixed) =>
      tf.reshape(tf.matMul(matrices(dy), filters(mixed), false, true), [...dy.shape.slice(0, 3), inputs]),
    filterGradient: (_gpu, x, dy) =>
      tf.reshape(tf.matMul(matrices(x), matrices(dy), true), [x.shape[0], inputs * outputs]),
  };
}

/** Every pixel becomes a block: a product of matrices, whose rows are then laid out. */
function enlargement([height, width, outputs, inputs]: readonly number[]): Layer {
  const filters = (mixed: tf.Tensor2D) =>
    tf.reshape<tf.Rank.R3>(mixed, [mixed.shape[0], height * width * outputs, inputs]);
  const blocks = (dy: tf.Tensor4D) => {
    const [batch, rows, columns] = [dy.shape[0], dy.shape[1] / height, dy.shape[2] / width];
    const apart = tf.transpose(tf.reshape(dy, [batch, rows, height, columns, width, outputs]), [0, 1, 3, 2, 4, 5]);
    return tf.reshape<tf.Rank.R3>(apart, [batch, rows * columns, height * width * outputs]);
  };
  return {
    value(_gpu, x, mixed, shift) {
      const [batch, rows, columns] = x.shape;
      const product = tf.reshape(tf.matMul(matrices(x), filters(mixed), false, true), [
        batch,
        rows,
        columns,
        height,
        width,
        outputs,
      ]);
      const y = tf.reshape(tf.transpose(product, [0, 1, 3, 2, 4, 5]), [batch, rows * height, columns * width, outputs]);
      return shift ? tf.add(y, tf.reshape(shift, [batch, 1, 1, outputs])) : y;
    },
    inputGradient: (_gpu, dy, mixed) =>
      tf.reshape(tf.matMul(blocks(dy), filters(mixed)), [
        dy.shape[0],
        dy.shape[1] / height,
        dy.shape[2] / width,
        inputs,
      ]),
    filterGradient: (_gpu, x, dy) =>
      tf.reshape(tf.matMul(blocks(dy), matrices(x), true), [x.shape[0], height * width * outputs * inputs]),
  };
}
