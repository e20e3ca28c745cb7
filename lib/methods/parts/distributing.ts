import { createLayout } from "../../core/layout";
import type { State } from "../../core/state";
import type { Bag, Update } from "../contract";
import { perClient } from "./per-client";

interface Asked {
  readonly server: Bag;
  readonly client: number;
}

interface Arrived {
  readonly server: Bag;
  readonly updates: readonly Update[];
}

/**
 * A server that hands what every client has of its own to all others, once: it asks a client (`wanted`) until an update brings it, and
 * sends it to each other one until an update of that one shows that it arrived.
 * @param part the name under which a client sends it; it arrives under `perClient`'s
 * @param average what becomes of the models
 */
export const distributing = (part: string, average: (arrived: Arrived) => Bag) => ({
  start: (start: State, clients: number): Bag => ({ model: start, arrived: marks([clients, clients]) }),
  send({ server, client }: Asked): Bag {
    const others = perClient.known(server).filter(([from]) => from !== client && !has(server, client, from));
    const wanted: Bag = perClient.of(server, client) ? {} : { wanted: marks([1]) };
    return { model: server.model, ...wanted, ...perClient.bag(others) };
  },
  receive({ server, updates }: Arrived): Bag {
    const { layout, values } = server.arrived;
    const arrived = { layout, values: values.slice() };
    const [{ shape }] = layout;
    for (const { client } of updates)
      for (const [from] of perClient.known(server)) arrived.values[client * shape[1] + from] = 1;
    const brought = updates.flatMap(({ client, sent }) => (sent[part] ? [[client, sent[part]] as const] : []));
    return { ...average({ server, updates }), arrived, ...perClient.bag(brought) };
  },
});

function has({ arrived: { layout, values } }: Bag, client: number, from: number): boolean {
  const [{ shape }] = layout;
  return values[client * shape[1] + from] === 1;
}

function marks(shape: readonly number[]): State {
  const layout = createLayout([{ name: "marks", shape, role: "free", block: "server" }]);
  return { layout, values: new Float32Array(layout[0].size) };
}
