import type { Bag, Training } from "../contract";

/**
 * In the released loop the first average of a client's models is no copy (official client.py:91): it shares its storage with the model
 * that is loaded next. On a graphics card it thereby becomes the model before training (client.py:34), and the last client's, which is
 * overwritten behind the round (fl_api.py:90), the first global model. The error fades with alpha^(r - 1).
 * @param intended keeps its average as `personal` @returns the same with the reading `published` beside its own
 */
export function sharingStorage<Params extends { readonly reading: "published" | "intended" }>(
  intended: Training<Params>,
): Training<Params> {
  return {
    ...intended,
    client: {
      ...intended.client,
      start: (start, { client, clients, params }): Bag =>
        params.reading === "published" && client < clients - 1 ? { personal: start } : {},
      async round(context) {
        const { round, params, received, kept } = context;
        if (params.reading !== "published") return intended.client.round(context);
        if (round === 1) return { send: (await intended.client.round(context)).send };
        return intended.client.round({ ...context, kept: { personal: received.model, ...kept } });
      },
    },
  };
}
