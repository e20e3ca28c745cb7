import { WorkbenchError } from "../../core/errors";
import type { State } from "../../core/state";
import type { ModelBank } from "../contract";

/** Which models of a bank are mixed: all, the global one, those of the clients, or all but one client's. */
export const expertSets = ["all", "global", "personal", "others"] as const;

/**
 * @param leftOut the client, from 0, whose model `others` does without
 * @returns the models of the clients in their order, and the global one where it is among them
 * @throws WorkbenchError when nothing is left, or there is no such client
 */
export function expertSet(
  { personal, global }: Pick<ModelBank, "personal" | "global">,
  set: (typeof expertSets)[number] = "all",
  leftOut = 0,
): { readonly personal: readonly State[]; readonly global?: State } {
  if (set === "all") return { personal, global };
  if (set === "global") return { personal: [], global };
  if (set === "others" && leftOut >= personal.length)
    throw new WorkbenchError(
      `there is no client ${leftOut} to leave out`,
      personal.length === 0 ? "no client has a model here" : `leftOut goes from 0 to ${personal.length - 1}`,
    );
  if (set === "others") return { personal: personal.filter((_, client) => client !== leftOut), global };
  if (personal.length === 0)
    throw new WorkbenchError("no client has a model to mix", 'let experts be "all" or "global"');
  return { personal };
}
