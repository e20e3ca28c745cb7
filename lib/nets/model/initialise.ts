import type { Random } from "../../core/random";
import { type Entry, layoutSize } from "../../core/layout";
import type { State } from "../../core/state";
import { unetLayout, type UNetShape } from "./unet-layout";

/**
 * A U-Net as PyTorch initialises it: weights and biases of (transposed) convolutions uniform in +-1/sqrt(fan in), which is what
 * `kaiming_uniform_(a=sqrt(5))` comes to; batch normalisation at scale 1, offset 0, running mean 0 and variance 1. Every entry has a
 * random source of its own, so that entries do not depend on the order of the layout.
 */
export function initialiseUNet(shape: UNetShape, random: Random): State {
  const layout = unetLayout(shape);
  const values = new Float32Array(layoutSize(layout));
  let fanIn = 1;
  for (const entry of layout) {
    // A bias follows its weight and shares the weight's fan in.
    if (entry.role === "kernel") fanIn = fanInOf(entry);
    const own = random.child(entry.name);
    const bound = 1 / Math.sqrt(fanIn);
    const constant = constantOf(entry);
    for (let i = entry.offset; i < entry.offset + entry.size; i++) values[i] = constant ?? own.uniform(-bound, bound);
  }
  return { layout, values };
}

/** PyTorch counts the second axis of its layout: inputs of a convolution, outputs of a transposed one; both are the third axis here. */
function fanInOf({ shape: [height, width, third] }: Entry): number {
  return height * width * third;
}

/** What an entry starts from, where it is not drawn. */
function constantOf({ role }: Entry): number | undefined {
  if (role === "kernel" || role === "bias") return undefined;
  return role === "scale" || role === "variance" ? 1 : 0;
}
