import type { Adaptation, ModelBank } from "../../../lib/methods/contract";
import { trainingOf } from "../../../lib/methods/registry";

/** The bank of a method, whose global model carries what its federation would have trained. */
export function trainedBank(bank: ModelBank, { wants }: Adaptation): ModelBank {
  if (!wants) return bank;
  const federation = trainingOf(wants);
  const server = federation.server?.start?.(bank.global, bank.personal.length, federation.params.parse({}));
  return { ...bank, global: server?.model ?? bank.global };
}
