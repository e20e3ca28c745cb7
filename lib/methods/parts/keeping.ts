import { partOf, withPart } from "../../core/state";
import { not, type Where } from "../../core/where";
import type { Training } from "../contract";

/**
 * A method some of whose entries never leave the client: neither sent nor received, they are the client's own from round to round, and
 * predict for it. @param method trains and sends a `model`
 */
export function keeping<Params>(method: Training<Params>, kept: Where): Training<Params> {
  const shared = not(kept);
  return {
    ...method,
    server: {
      ...method.server,
      send(context) {
        const sent = method.server?.send?.(context) ?? { model: context.server.model };
        return { ...sent, model: partOf(sent.model, shared) };
      },
    },
    client: {
      start: (start) => ({ ...method.client.start?.(start), own: start }),
      async round(context) {
        const received = { ...context.received, model: withPart(context.kept.own, context.received.model) };
        const { send, keep } = await method.client.round({ ...context, received });
        if (!send) return { keep };
        return { send: { ...send, model: partOf(send.model, shared) }, keep: { ...keep, own: send.model } };
      },
      predict: ({ kept: { own }, received }) => withPart(own, received.model),
    },
  };
}
