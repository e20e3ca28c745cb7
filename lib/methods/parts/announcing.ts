import { createLayout } from "../../core/layout";
import { joined, type State } from "../../core/state";
import type { Bag, ServerContext, Update } from "../contract";
import { meanModel } from "./averaging";

type Asked = Pick<ServerContext<unknown>, "server"> & { readonly client: number };
type Arrived = Pick<ServerContext<unknown>, "server"> & { readonly updates: readonly Update[] };

/**
 * A server that averages uniformly, and whose model gains a part which clients gather in one round and need once: it is sent to every
 * client until an update shows that it arrived.
 * @param partOf the part that a model carries, if it does @param without the model without it
 */
export const announcing = (partOf: (model: State) => State | undefined, without: (model: State) => State) => ({
  start: (start: State, clients: number): Bag => ({ model: start, informed: marks(new Float32Array(clients)) }),
  send: ({ server: { model, informed }, client }: Asked): Bag => ({
    model: informed.values[client] === 1 ? without(model) : model,
  }),
  receive({ server, updates }: Arrived): Bag {
    if (updates.length === 0) return server;
    const model = joined(
      server.model,
      meanModel(updates, () => 1),
    );
    const informed = server.informed.values.slice();
    if (partOf(server.model)) for (const { client } of updates) informed[client] = 1;
    return { model, informed: marks(informed) };
  },
});

const marks = (values: Float32Array): State => ({
  layout: createLayout([{ name: "informed", shape: [values.length], role: "free", block: "server" }]),
  values,
});
