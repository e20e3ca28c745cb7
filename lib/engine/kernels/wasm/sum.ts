import * as tf from "@tensorflow/tfjs-core";
import { addressesOf, viewsOf } from "./heap";
import type { WasmLibrary } from "./library";

interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly keepDims?: boolean;
}

interface Run {
  length: number;
  readonly summed: boolean;
}

/**
 * Sums and means in float64. Those of the back end add one float32 after the other, which loses 5e-5 in a loss over four thousand
 * pixels, and copy the whole tensor where the first axes are summed.
 * @param original the back end's kernel, which keeps doing integers
 */
export function exactReduction(library: WasmLibrary, original: tf.KernelConfig): tf.KernelConfig {
  return {
    ...original,
    kernelFunc: (call) => {
      const x = call.inputs.x as tf.TensorInfo;
      if (x.dtype !== "float32") return original.kernelFunc(call);
      const { axis, keepDims } = call.attrs as unknown as ReductionAttributes;
      const axes = tf.util.parseAxisParam(axis ?? [], x.shape);
      const summed = axes.length > 0 ? axes : x.shape.map((_, each) => each);
      const kept = x.shape.map((length, each) => (summed.includes(each) ? 1 : length));
      const { outputs } = viewsOf(call.backend, [], {
        sum: keepDims ? kept : kept.filter((_, each) => !summed.includes(each)),
      });
      const size = tf.util.sizeFromShape(x.shape);
      const divisor = original.kernelName === tf.Mean ? size / tf.util.sizeFromShape(kept) : 1;
      const runs = mergeAxes(x.shape, summed);
      const middle = runs.findIndex((run) => run.summed);
      if (runs.filter((run) => run.summed).length === 1) {
        const [outer, inner] = [runs.slice(0, middle), runs.slice(middle + 1)].map((others) => others[0]?.length ?? 1);
        const [from, to] = addressesOf(call.backend, x, outputs.sum);
        library.sumMiddle(from, to, outer, runs[middle].length, inner, divisor);
        return outputs.sum;
      }
      const {
        views: [values, results],
      } = viewsOf(call.backend, [x, outputs.sum], {});
      sumInto(values, runs, results.length).forEach((sum, i) => (results[i] = sum / divisor));
      return outputs.sum;
    },
  };
}

/** Walks through the input in order and adds each run of its last axes to where it belongs. */
function sumInto(values: Float32Array, runs: Run[], size: number): Float64Array {
  const sums = new Float64Array(size);
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
  for (let position = 0; position < values.length;) {
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
function mergeAxes(shape: readonly number[], summed: readonly number[]): Run[] {
  const runs: Run[] = [];
  shape.forEach((length, axis) => {
    const last = runs.at(-1);
    if (last && last.summed === summed.includes(axis)) last.length *= length;
    else runs.push({ length, summed: summed.includes(axis) });
  });
  return runs;
}
