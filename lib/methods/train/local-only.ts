import { z } from "zod";
import { defineInside } from "../contract";

/** Every client trains alone for the same number of epochs: what a hospital has without any federation. */
export const localOnly = defineInside({
  id: "local-only",
  title: "Local only",
  citation: "control: no communication",
  params: z.strictObject({}),
  start: (global) => ({ own: global }),
  local: async ({ client, train }) => ({ upload: undefined, client: { own: await train(client.own) } }),
  aggregate: (_uploads, _slices, global) => global,
  predictWith: (client) => client.own,
});
