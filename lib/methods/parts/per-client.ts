import type { State } from "../../core/state";
import type { Bag } from "../contract";

const prefix = "client ";
const placeOf = (client: number) => `${prefix}${client}`;

/** What a server holds of every client, each under a name of its own. */
export const perClient = {
  /** @returns the bag of some clients' states */
  bag: (states: Iterable<readonly [client: number, state: State]>): Bag =>
    Object.fromEntries(Array.from(states, ([client, state]) => [placeOf(client), state])),
  /** @returns the same state for all */
  same: (state: State, clients: number): Bag =>
    Object.fromEntries(Array.from({ length: clients }, (_, client) => [placeOf(client), state])),
  /** @returns what is held of one of them */
  of: (server: Bag, client: number): State => server[placeOf(client)],
  /** @returns what is held, of whomever something is */
  known: (server: Bag): (readonly [client: number, state: State])[] =>
    Object.entries(server).flatMap(([name, state]) =>
      name.startsWith(prefix) ? [[Number(name.slice(prefix.length)), state] as const] : [],
    ),
  /** @returns what is held of all, in their order */
  all(server: Bag): State[] {
    const found: State[] = [];
    while (server[placeOf(found.length)]) found.push(server[placeOf(found.length)]);
    return found;
  },
};
