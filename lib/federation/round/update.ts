import { byteLength } from "../../core/state";
import type { Bag, Update } from "../../methods/contract";
import type { Kept } from "../store/client-store";

/** @returns how many bytes travel when a bag does */
export const bytesOf = (bag: Bag): number => Object.values(bag).reduce((sum, state) => sum + byteLength(state), 0);

/** What a server reads of a client that sent something: from wherever it lies, each time it is asked for. */
export function updateFrom(client: number, weight: number, kept: Kept): Update {
  return {
    client,
    weight,
    get sent() {
      return kept.read();
    },
  };
}
