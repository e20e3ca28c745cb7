import { z } from "zod";
import { defineTraining } from "../contract";

/**
 * FedAvg's model of a client right after its local training, before it is averaged: IOP-FL's local adapted model at alpha 0. It shows how
 * much of a personalisation is nothing but the last epoch at home.
 */
export const fedavgLocal = defineTraining({
  id: "fedavg-local",
  title: "FedAvg after local training",
  citation: "control: IOP-FL without its average (alpha 0)",
  params: z.strictObject({}),
  client: {
    async round({ received, train }) {
      const { model } = await train({ model: { start: received.model } });
      return { send: { model }, keep: { personal: model } };
    },
    predict: ({ kept, received }) => kept.personal ?? received.model,
  },
});
