import * as tf from "@tensorflow/tfjs-core";
import type { Entry } from "../../core/layout";
import type { State } from "../../core/state";
import { any, where, type Where } from "../../core/where";

/** Tensors of a model by the names of its layout. */
export type Parameters = Pick<ReadonlyMap<string, tf.Tensor>, "get">;

/** Some entries of a state, one behind the other in one vector: what optimisers and running statistics work on. */
export interface Selection {
  readonly entries: readonly Entry[];
  readonly sizes: number[];
}

/** @returns the entries of a layout that `wanted` names, in its order. */
export function select(layout: readonly Entry[], wanted: Where): Selection {
  const entries = layout.filter(wanted);
  return { entries, sizes: entries.map(({ size }) => size) };
}

/** Brings a selection's numbers onto the engine as one vector, the caller's to dispose. */
export function upload(state: State, { entries, sizes }: Selection): tf.Tensor1D {
  const values = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
  let position = 0;
  for (const { offset, size } of entries) {
    values.set(state.values.subarray(offset, offset + size), position);
    position += size;
  }
  return tf.tensor1d(values);
}

/** Writes a vector of a selection back to where its entries lie in a state's flat values. */
export async function download(vector: tf.Tensor1D, { entries }: Selection, into: Float32Array): Promise<void> {
  const values = await vector.data<"float32">();
  let position = 0;
  for (const { offset, size } of entries) {
    into.set(values.subarray(position, position + size), offset);
    position += size;
  }
}

/** Cuts a vector into the tensors of its selection. The gradient of this is one concatenation. */
export function namedTensors(vector: tf.Tensor1D, { entries, sizes }: Selection): [string, tf.Tensor][] {
  if (entries.length === 0) return [];
  const parts = entries.length === 1 ? [vector] : tf.split(vector, sizes);
  // A part of one axis is as it should be: a call less for half of a model's tensors.
  return entries.map(({ name, shape }, index) => [
    name,
    shape.length === 1 ? parts[index] : tf.reshape(parts[index], shape as number[]),
  ]);
}

/** Brings all weights and statistics of a state onto the engine, and nothing else that it may carry, the caller's to dispose. The numbers are not copied: they must not change. */
export function uploadAll(state: State): Map<string, tf.Tensor> {
  return new Map(
    state.layout
      .filter(any(where.trained, where.running))
      .map(({ name, shape, offset, size }) => [
        name,
        tf.tensor(state.values.subarray(offset, offset + size), shape as number[]),
      ]),
  );
}

/** @throws RangeError when there is no such tensor */
export function parameter<Tensor extends tf.Tensor>(parameters: Parameters, name: string): Tensor {
  const found = parameters.get(name);
  if (!found) throw new RangeError(`the network has no parameter "${name}"`);
  return found as Tensor;
}
