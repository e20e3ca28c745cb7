import { partOf, withPart } from "../../core/state";
import { not, type Where } from "../../core/where";
import type { Bag, Training } from "../contract";

/**
 * A method some of whose entries never leave the client: neither sent nor received, they are the client's own from round to round, and
 * predict for it. @param method trains and sends a `model`, and finds the client's whole one in what it received
 */
export function keeping<Params>(method: Training<Params>, kept: Where): Training<Params> {
  const { server, client } = method;
  const shared = not(kept);
  const whole = <Context extends { readonly received: Bag; readonly kept: Bag }>(context: Context): Context => ({
    ...context,
    received: { ...context.received, model: withPart(context.kept.own, context.received.model) },
  });
  return {
    ...method,
    server: {
      ...server,
      send(context) {
        const sent = server?.send?.(context) ?? { model: context.server.model };
        return { ...sent, model: partOf(sent.model, shared) };
      },
    },
    client: {
      start: (start, place) => ({ ...client.start?.(start, place), own: start }),
      async round(context) {
        const { send, keep } = await client.round(whole(context));
        if (!send) return { keep };
        return { send: { ...send, model: partOf(send.model, shared) }, keep: { ...keep, own: send.model } };
      },
      finish: client.finish && (async (context) => ({ ...context.kept, ...(await client.finish?.(whole(context))) })),
      predict: (context) => client.predict?.(whole(context)) ?? whole(context).received.model,
    },
  };
}
