import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../model/model";
import { upload, type Selection } from "../model/parameters";
import type { Inputs, Named } from "./named";
import type { View, Views } from "./recipe";

/** Labelled tensors that go into a program, in one order. */
export type Given = readonly (readonly [label: string, tensor: tf.Tensor])[];

/** @returns the tensors of views, of which every program sees the same for the same labels */
export function givenViews(views: Views): Given {
  return Object.entries(views).flatMap(([name, { images, masks }]) => [
    [`view/${name}/images`, images] as const,
    ...(masks ? [[`view/${name}/masks`, masks] as const] : []),
  ]);
}

export const givenFrozen = ({ frozen }: Model): Given => frozen.map((tensor, index) => [`frozen/${index}`, tensor]);

export const givenInputs = (inputs: Inputs): Given =>
  Object.entries(inputs).map(([name, tensor]) => [`input/${name}`, tensor]);

/** Numbers and states of a slot's functions on the engine, kept until they are disposed of. */
export function uploadTaken(all: readonly (Named<unknown> | undefined)[], trained: Selection): Inputs {
  const parts = all.flatMap((each) => each ?? []);
  const scalars = parts.flatMap(({ numbers }) =>
    Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]),
  );
  const vectors = parts.flatMap(({ states }) =>
    Object.entries(states).map(([name, state]) => [name, upload(state, trained)]),
  );
  const inputs = Object.fromEntries([...scalars, ...vectors]) as Record<string, tf.Tensor>;
  for (const tensor of Object.values(inputs)) tf.keep(tensor);
  return inputs;
}

/** The tensors of a program by their labels, as its body reads them. */
export interface Read {
  readonly views: Views;
  readonly frozen: readonly tf.Tensor[];
  readonly inputs: Inputs;
  /** @throws RangeError when nothing has this label */
  at<Tensor extends tf.Tensor>(label: string): Tensor;
}

/** @param labels of the tensors, in their order */
export function readGiven(labels: readonly string[], tensors: readonly tf.Tensor[]): Read {
  const all = new Map(labels.map((label, index) => [label, tensors[index]]));
  const below = (prefix: string) =>
    [...all].flatMap(([label, tensor]) =>
      label.startsWith(prefix) ? [[label.slice(prefix.length), tensor] as const] : [],
    );
  const views: Record<string, View> = {};
  for (const [path, tensor] of below("view/")) {
    const [name, part] = path.split("/");
    views[name] = { ...views[name], [part]: tensor };
  }
  return {
    views,
    frozen: below("frozen/").map(([, tensor]) => tensor),
    inputs: Object.fromEntries(below("input/")),
    at<Tensor extends tf.Tensor>(label: string) {
      const found = all.get(label);
      if (!found) throw new RangeError(`a program has no tensor "${label}" among ${all.size}`);
      return found as Tensor;
    },
  };
}
