import type { State } from "../../core/state";
import type { TrainedSlot } from "../contract";
import { taught } from "./losses";

/** Who teaches whom: the personal model the deputy, both each other, the deputy the personal model. */
export const stages = ["recover", "exchange", "sublimate"] as const;
export type Stage = (typeof stages)[number];

/**
 * The stage of a local epoch (PRR-FL, local_train.py), from the scores of both models at its start. The first epoch of a round recovers,
 * and no other stage follows it than exchange, however good the deputy is.
 * @param before of the epoch before, in the same round
 */
export function nextStage(before: Stage | undefined, deputy: number, personal: number): Stage {
  if (before === undefined || deputy < 0.7 * personal) return "recover";
  return before === "recover" || deputy < 0.9 * personal ? "exchange" : "sublimate";
}

/** Both models on a batch; who is taught hears the other as it was before the batch. */
export function lesson(
  models: Readonly<Record<"personal" | "deputy", State>>,
  stage: Stage,
): Record<"personal" | "deputy", TrainedSlot> {
  const hearing = (teacher: string) => ({ recipe: { loss: taught, hears: { teacher } } });
  return {
    personal: { start: models.personal, ...(stage === "recover" ? {} : hearing("deputy")) },
    deputy: { start: models.deputy, ...(stage === "sublimate" ? {} : hearing("personal")) },
  };
}
