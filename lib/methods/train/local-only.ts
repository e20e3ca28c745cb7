import { z } from "zod";
import { defineTraining } from "../contract";

/** Every client trains alone for the same number of epochs: what a hospital has without any federation. */
export const localOnly = defineTraining({
  id: "local-only",
  title: "Local only",
  citation: "control: no communication",
  params: z.strictObject({}),
  server: { send: () => ({}) },
  client: {
    start: (start) => ({ own: start }),
    round: async ({ kept, train }) => ({ keep: await train({ own: { start: kept.own } }) }),
    predict: ({ kept }) => kept.own,
  },
});
