import type { State } from "../../core/state";
import type { ClientState } from "../../methods/contract";

/** A client's state, wherever it is kept: read when it is that client's turn, so that one at a time is in memory. */
export interface Kept {
  /** @throws WorkbenchError when what was kept is gone or damaged */
  read(): ClientState;
}

/** Where the states of clients are kept between their turns. */
export interface ClientStore {
  keep(state: ClientState): Kept;
}

/** For federations that fit: tests, notebooks. */
export const inMemory: ClientStore = { keep: (state) => ({ read: () => state }) };

/** @returns the uploads of one round, read one after the other as often as they are gone through */
export function readUploads(kept: readonly Kept[]): Iterable<State> {
  return {
    *[Symbol.iterator]() {
      for (const each of kept) yield each.read().upload;
    },
  };
}
