import * as tf from "@tensorflow/tfjs-core";
import { layoutSize } from "../../lib/core/layout";
import { where } from "../../lib/core/where";
import type { State } from "../../lib/core/state";
import type { StoredTensor } from "../../lib/io/safetensors";
import { channelsFirst, channelsLast, fromTorch, torchShape, toTorch } from "../../lib/nets/torch/torch-layout";
import { unetLayout, type UNetShape } from "../../lib/nets/model/unet-layout";
import type { GoldenCase } from "./golden-case";

/** An image tensor `[batch, channel, height, width]` of a file as the engine wants it, the caller's to dispose. */
export function images({ data, shape }: StoredTensor): tf.Tensor4D {
  const [batch, channels, height, width] = shape;
  return tf.tensor4d(channelsLast(data as Float32Array, shape), [batch, height, width, channels]);
}

/** A mask tensor `[batch, 1, height, width]` of a file as classes `[batch, height, width]`. */
export function masks({ data, shape }: StoredTensor): tf.Tensor3D {
  const [batch, , height, width] = shape;
  return tf.tensor3d(data as Float32Array, [batch, height, width]);
}

/** What the engine computed `[batch, height, width, channel]`, in the order of the files. */
export async function asStored(tensor: tf.Tensor4D): Promise<Float32Array> {
  return channelsFirst(await tensor.data<"float32">(), tensor.shape);
}

/** The size of the network whose state is stored below `prefix`. */
export function shapeOf(golden: GoldenCase, prefix: string): UNetShape {
  const [features, inChannels] = golden.tensor(`${prefix}encoder1.enc1_conv1.weight`).shape;
  return { features, inChannels, classes: golden.tensor(`${prefix}conv.bias`).shape[0] };
}

/** A whole state stored below `prefix`, in the layout of the project. */
export function stateOf(golden: GoldenCase, prefix: string): State {
  const layout = unetLayout(shapeOf(golden, prefix));
  const values = new Float32Array(layoutSize(layout));
  for (const entry of layout) {
    const stored = golden.tensor(prefix + entry.name);
    if (stored.shape.join() !== torchShape(entry).join())
      throw new Error(`${prefix}${entry.name} has shape [${stored.shape}], not [${torchShape(entry)}]`);
    values.set(fromTorch(Array.from(stored.data, Number), entry), entry.offset);
  }
  return { layout, values };
}

/** One entry of a state, in the order of the files. */
export function storedEntry(state: State, name: string): Float32Array {
  const entry = state.layout.find((candidate) => candidate.name === name);
  if (!entry) throw new Error(`a state has no entry "${name}"`);
  return toTorch(state.values.subarray(entry.offset, entry.offset + entry.size), entry);
}

/** A state, and the file's tensors below `prefix` that it should equal, both one entry behind the other. */
export function besideStored(
  golden: GoldenCase,
  state: State,
  prefix: string,
): { got: Float32Array; want: Float32Array } {
  const names = golden.keys(prefix).map((key) => key.slice(prefix.length));
  if (names.length === 0) throw new Error(`${golden.name}.safetensors has nothing below "${prefix}"`);
  const join = (parts: readonly ArrayLike<number>[]) => Float32Array.from(parts.flatMap((part) => Array.from(part)));
  return {
    got: join(names.map((name) => storedEntry(state, name))),
    want: join(names.map((name) => Array.from(golden.tensor(prefix + name).data, Number))),
  };
}

/** The entries of a network that the file has below `prefix` (oracles leave out what does not matter); zeros elsewhere. */
export function partialState(golden: GoldenCase, prefix: string, shape: UNetShape): State {
  const layout = unetLayout(shape);
  return fillState(golden, prefix, { layout, values: new Float32Array(layoutSize(layout)) });
}

/** A state with the entries in place that the file has below `prefix`, or those named of them. */
export function fillState(
  golden: GoldenCase,
  prefix: string,
  { layout, values: begun }: State,
  names: readonly string[] = golden.keys(prefix).map((key) => key.slice(prefix.length)),
): State {
  const filled = begun.slice();
  for (const key of names.map((name) => prefix + name)) {
    const entry = layout.find(({ name }) => name === key.slice(prefix.length));
    const stored = golden.tensor(key);
    if (!entry || torchShape(entry).join() !== stored.shape.join())
      throw new Error(`${key} of shape [${stored.shape}] fits no entry`);
    filled.set(fromTorch(Array.from(stored.data, Number), entry), entry.offset);
  }
  return { layout, values: filled };
}

/** A state beside the file's tensors below `prefix`, of which large ones are stored as their first elements. */
export function besideFirst(
  golden: GoldenCase,
  state: State,
  prefix: string,
): { got: Float32Array; want: Float32Array } {
  const got: number[] = [];
  const want: number[] = [];
  for (const key of golden.keys(prefix)) {
    const stored = golden.tensor(key).data;
    want.push(...Array.from(stored, Number));
    got.push(...storedEntry(state, key.slice(prefix.length)).subarray(0, stored.length));
  }
  return { got: Float32Array.from(got), want: Float32Array.from(want) };
}

/** What the file has below `prefix` for every trained entry of the network, one behind the other as a slot trains them. */
export function toFlat(golden: GoldenCase, prefix: string): Float32Array {
  const layout = unetLayout(shapeOf(golden, "in/global/")).filter(where.trained);
  return Float32Array.from(
    layout.flatMap((entry) => [...fromTorch(Array.from(golden.tensor(prefix + entry.name).data, Number), entry)]),
  );
}
