import type { Random } from "../../core/random";
import { createLayout, layoutSize, type EntryKind, type Layout, type State, valuesOf } from "../../core/state";
import { unetLayout, type UNetShape } from "../model/unet-layout";

/** One layer whose kernels are mixed. */
export interface RoutedLayer {
  readonly name: string;
  /** Ordinary convolution, or a transposed one. */
  readonly transposed: boolean;
  /** `[kh, kw, in, out]`, transposed `[kh, kw, out, in]`. */
  readonly kernel: readonly number[];
  /** Channels of the layer's input, which the gate looks at. */
  readonly inputs: number;
  readonly biased: boolean;
}

/** @returns the 23 convolutions of a U-Net in the order in which the network passes them. */
export function routedLayers(shape: UNetShape): RoutedLayer[] {
  const layout = unetLayout(shape);
  return layout
    .filter((entry) => entry.shape.length === 4)
    .map(({ name, shape: kernel }) => {
      const layer = name.slice(0, -".weight".length);
      const transposed = layer.startsWith("upconv");
      return {
        name: layer,
        transposed,
        kernel,
        inputs: kernel[transposed ? 3 : 2],
        biased: layout.some((entry) => entry.name === `${layer}.bias`),
      };
    });
}

/**
 * What is adapted at test time, under the names of the official code: scale and offset of every normalisation, and each layer's gate,
 * two linear layers `[out, in]` from its input's channels over twice as many to one number for each expert.
 */
export function routingLayout(shape: UNetShape, expertsOf: (layer: RoutedLayer) => number): Layout {
  const affine = unetLayout(shape).filter(({ name }) => /_bn[12]\.(weight|bias)$/.test(name));
  const gates = routedLayers(shape).flatMap((layer) => {
    const hidden = 2 * layer.inputs;
    const experts = expertsOf(layer);
    const add = (name: string, dims: readonly number[]) => ({
      name: `${layer.name}._routing_fn.${name}`,
      shape: dims,
      kind: "weight" as EntryKind,
    });
    return [
      add("fc1.weight", [hidden, layer.inputs]),
      add("fc1.bias", [hidden]),
      add("fc2.weight", [experts, hidden]),
      add("fc2.bias", [experts]),
    ];
  });
  return createLayout([...affine, ...gates]);
}

/** Normalisations start from the global model; gates as PyTorch starts linear layers: uniform in +-1/sqrt(in), so that they are near 1/2. */
export function initialiseRouting(layout: Layout, global: State, random: Random): State {
  const values = new Float32Array(layoutSize(layout));
  let fanIn = 1;
  for (const { name, shape, offset, size } of layout) {
    if (!name.includes("._routing_fn.")) {
      values.set(valuesOf(global, name), offset);
      continue;
    }
    // A bias follows its weight and shares its fan in.
    if (shape.length === 2) fanIn = shape[1];
    const own = random.child(name);
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = offset; i < offset + size; i++) values[i] = own.uniform(-bound, bound);
  }
  return { layout, values };
}
