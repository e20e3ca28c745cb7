import type { Adaptation, ModelBank } from "../../../lib/methods/contract";
import { trainingOf } from "../../../lib/methods/registry";

/** A bank for a method, whose global model carries what the federation that it wants starts with. */
export function wantedBank({ wants }: Adaptation, bank: ModelBank): ModelBank {
  if (!wants) return bank;
  const federation = trainingOf(wants);
  const server = federation.server?.start?.(bank.global, bank.personal.length, federation.params.parse({}));
  return { ...bank, global: server?.model ?? bank.global };
}
