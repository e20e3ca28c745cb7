import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Inputs } from "../../nets/run/named";
import type { Slot } from "../../nets/run/slot";
import type { Adapter } from "../contract";
import { logitsOf } from "./questions";
import { openCurves } from "./telemetry";

/** How a network follows the stream: what TENT-like methods leave open, so that a protocol can be said in an experiment. */
export const protocolParams = (standard: {
  readonly predicts: "before" | "after";
  readonly source: string;
  readonly epochs: string;
}) => ({
  steps: z.int().nonnegative().default(1).describe("steps on each batch"),
  reset: z
    .enum(["never", "batch"])
    .default("never")
    .describe("online: weights and moments are carried over; episodic: each batch begins at the start"),
  predicts: z
    .enum(["before", "after"])
    .default(standard.predicts)
    .describe(`whether the pass that the last step comes of predicts, or another one behind it; ${standard.source}`),
  epochs: z.int().positive().optional().describe(`passes over the outside set; default: ${standard.epochs}`),
});

type Protocol = z.output<z.ZodObject<ReturnType<typeof protocolParams>>>;

interface Followed {
  /** Of the loss beside its total, or the total's own name where it has no terms. */
  readonly terms: readonly string[];
  /** What a step on a batch takes beside it: see `AdaptContext.draw`. */
  readonly beside?: (images: Tensor4D) => Inputs;
}

/** A slot that takes the steps of its recipe on every batch and predicts it. Tells the losses before the last step. */
export function following(slot: Slot, protocol: Protocol, { terms, beside = () => ({}) }: Followed): Adapter {
  const { steps, reset, predicts, epochs } = protocol;
  const curves = openCurves(terms.map((term) => `loss/${term}`));
  const answer = (images: Tensor4D) => slot.ask(logitsOf, images)[0] as Tensor4D;
  return {
    epochs,
    async predict(images) {
      if (reset === "batch") slot.reset();
      let logits: Tensor4D | undefined;
      for (let step = 1; step <= steps; step++) {
        if (step === steps && predicts === "before") logits = answer(images);
        const [losses] = await slot.step({ batch: { images } }, beside(images));
        if (step === steps)
          curves.add(Object.fromEntries(terms.map((term) => [`loss/${term}`, losses[term] ?? losses.total])));
      }
      return logits ?? answer(images);
    },
    telemetry: curves.take,
  };
}
