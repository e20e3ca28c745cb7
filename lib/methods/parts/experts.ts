import type { Tensor4D } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { combine, type State } from "../../core/state";
import { createPredictor } from "../../nets/run/predictor";
import type { AdaptContext, ModelBank } from "../contract";
import { logitsOf } from "./questions";

/** All models of a bank, the global one last: the order of the experts of IOP-FL. */
export const expertsOf = ({ personal, global }: ModelBank): readonly State[] => [...personal, global];

/** The unweighted mean of whole models, running statistics too (Wortsman et al., ICML 2022). */
export const soupOf = (models: readonly State[]): State =>
  combine(
    models,
    models.map(() => 1 / models.length),
  );

/** Which statistics normalise where nothing is learned. */
export const statisticsOf = (standard: "running" | "batch") =>
  z
    .enum(["running", "batch"])
    .default(standard)
    .describe("what normalises: the statistics of training, or those of each batch");

/** A model that predicts and does not change. */
export interface Answering {
  /** @returns logits, the caller's */
  predict(images: Tensor4D): Tensor4D;
  dispose(): void;
}

/** @param statistics which normalise */
export function openAnswering(
  { bank, slot }: Pick<AdaptContext<unknown>, "bank" | "slot">,
  state: State,
  statistics: "running" | "batch",
): Answering {
  if (statistics === "running") return createPredictor(bank.shape, state);
  const opened = slot({ start: state });
  return { predict: (images) => opened.ask(logitsOf, images)[0] as Tensor4D, dispose: () => undefined };
}
