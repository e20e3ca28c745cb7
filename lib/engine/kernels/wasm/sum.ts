import * as tf from "@tensorflow/tfjs-core";
import { viewsOf } from "./heap";

interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly keepDims?: boolean;
}

/**
 * Sums and means in float64. Those of the back end add one float32 after the other, which loses 5e-5 in a loss over four thousand
 * pixels, and copy the whole tensor where the first axes are summed.
 * @param original the back end's kernel, which keeps doing integers
 */
export function exactReduction(original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const x = call.inputs.x as tf.TensorInfo;
      if (x.dtype !== "float32") return original.kernelFunc(call);
      const { axis, keepDims } = call.attrs as unknown as ReductionAttributes;
      const axes = tf.util.parseAxisParam(axis ?? [], x.shape);
      const summed = axes.length > 0 ? axes : x.shape.map((_, each) => each);
      const kept = x.shape.map((length, each) => (summed.includes(each) ? 1 : length));
      const shape = keepDims ? kept : kept.filter((_, each) => !summed.includes(each));
      const { views, outputs, results } = viewsOf(call.backend, [x], { sum: shape });
      const sums = sumInto(views[0], x.shape, summed, results.sum.length);
      const divisor = original.kernelName === tf.Mean ? views[0].length / results.sum.length : 1;
      for (let i = 0; i < sums.length; i++) results.sum[i] = sums[i] / divisor;
      return outputs.sum;
    },
  };
}

/** Walks through the input in order and adds each run of its last axes to where it belongs. */
function sumInto(values: Float32Array, shape: readonly number[], summed: readonly number[], size: number): Float64Array {
  const sums = new Float64Array(size);
  const runs = mergeAxes(shape, summed);
  const inner = runs.pop() ?? { length: 1, summed: true };
  const innerStep = inner.summed ? 0 : 1;
  let stride = inner.summed ? 1 : inner.length;
  const steps = runs.map(() => 0);
  for (let each = runs.length - 1; each >= 0; each--) {
    if (runs[each].summed) continue;
    steps[each] = stride;
    stride *= runs[each].length;
  }
  const counters = runs.map(() => 0);
  let target = 0;
  for (let position = 0; position < values.length; ) {
    for (let i = 0, at = target; i < inner.length; i++, at += innerStep, position++) sums[at] += values[position];
    for (let each = runs.length - 1; each >= 0; each--) {
      target += steps[each];
      if (++counters[each] < runs[each].length) break;
      target -= steps[each] * runs[each].length;
      counters[each] = 0;
    }
  }
  return sums;
}

/** Neighbouring axes that are both summed, or both kept, count as one. */
function mergeAxes(shape: readonly number[], summed: readonly number[]): { length: number; readonly summed: boolean }[] {
  const runs: { length: number; readonly summed: boolean }[] = [];
  shape.forEach((length, axis) => {
    const last = runs.at(-1);
    if (last && last.summed === summed.includes(axis)) last.length *= length;
    else runs.push({ length, summed: summed.includes(axis) });
  });
  return runs;
}
