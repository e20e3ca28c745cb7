import { defineTraining } from "../contract";
import { fedavg } from "./fedavg";

/** One model trained on the slices of all clients together, for the same number of epochs: what no federation is allowed to have. */
export const centralised = defineTraining({
  ...fedavg,
  id: "centralised",
  title: "Centralised",
  citation: "control: all data in one place",
  pooled: true,
});
