import { z } from "zod";
import { where, type Where } from "../../core/where";
import type { Bag, ClientContext } from "../contract";

interface Tuning {
  readonly epochs: number;
  readonly rate: number;
}

/** Passes over the client's training slices behind the last round. @param source where the default number comes from */
export const tuningEpochs = (standard: number, source: string) =>
  z.int().positive().default(standard).describe(`passes over the training slices behind the last round; ${source}`);

/** The client's model goes on from what it received, with the experiment's optimiser at a rate of its own; the result is `personal`. */
export const tuned = (
  { received, params: { epochs, rate }, train }: Pick<ClientContext<Tuning>, "received" | "params" | "train">,
  trains: Where = where.everything,
): Promise<Bag> =>
  train({ personal: { start: received.model, recipe: { trains, optimiser: { learningRate: rate } } } }, { epochs });
