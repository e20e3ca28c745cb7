import type { Random } from "../../core/random";
import { createLayout, layoutSize, type EntryRole, type Layout } from "../../core/layout";
import { type State, valuesOf } from "../../core/state";
import { where } from "../../core/where";
import { unetLayers, unetLayout, type Layer, type UNetShape } from "../model/unet-layout";

/**
 * What is adapted at test time, under the names of the official code: scale and offset of every normalisation, and each layer's gate,
 * two linear layers `[out, in]` from its input's channels over twice as many to one number for each expert.
 */
export function routingLayout(shape: UNetShape, expertsOf: (layer: Layer) => number): Layout {
  const affine = unetLayout(shape).filter(where.normAffine);
  const gates = unetLayers(shape).flatMap((layer) => {
    const hidden = 2 * layer.inputs;
    const experts = expertsOf(layer);
    const entry = (name: string, dims: readonly number[], role: EntryRole) => ({
      name: gateEntry(layer.name, name),
      shape: dims,
      role,
      block: gateBlock(layer.block),
    });
    return [
      entry("fc1.weight", [hidden, layer.inputs], "kernel"),
      entry("fc1.bias", [hidden], "bias"),
      entry("fc2.weight", [experts, hidden], "kernel"),
      entry("fc2.bias", [experts], "bias"),
    ];
  });
  return createLayout([...affine, ...gates]);
}

/** The name of a part of a layer's gate in the official state dict. */
export const gateEntry = (layer: string, part: string): string => `${layer}._routing_fn.${part}`;

/** The block of the gates of a block's layers. */
export const gateBlock = (block: string): string => `${block} gates`;

/** Normalisations start from the global model; gates as PyTorch starts linear layers: uniform in +-1/sqrt(in), so that they are near 1/2. */
export function initialiseRouting(layout: Layout, global: State, random: Random): State {
  const values = new Float32Array(layoutSize(layout));
  let fanIn = 1;
  for (const entry of layout) {
    const { name, shape, role, offset, size } = entry;
    if (where.normAffine(entry)) {
      values.set(valuesOf(global, name), offset);
      continue;
    }
    // A bias follows its weight and shares its fan in.
    if (role === "kernel") fanIn = shape[1];
    const own = random.child(name);
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = offset; i < offset + size; i++) values[i] = own.uniform(-bound, bound);
  }
  return { layout, values };
}
