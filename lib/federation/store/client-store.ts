import type { Bag } from "../../methods/contract";

/** Named states, wherever they are kept: read when it is their client's turn, so that one client's are in memory. */
export interface Kept {
  /** @throws WorkbenchError when what was kept is gone or damaged */
  read(): Bag;
}

/** Where the states of clients are kept between their turns. */
export interface ClientStore {
  keep(bag: Bag): Kept;
}

/** For federations that fit: tests, notebooks. */
export const inMemory: ClientStore = { keep: (bag) => ({ read: () => bag }) };
