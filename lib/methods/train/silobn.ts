import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { keeping } from "../parts/keeping";
import { fedavg } from "./fedavg";

/**
 * SiloBN (Andreux et al., DART 2020): scale and offset of normalisations are averaged like all weights, running statistics never leave
 * the client. Training never reads them, so that the weights are FedAvg's; what differs is with which statistics they predict. (The
 * authors' code is not public; FL-MedSegBench, server_funct.py, has it so.)
 */
export const silobn = defineTraining({
  ...keeping(fedavg, where.statistic),
  id: "silobn",
  title: "SiloBN",
  citation: "Andreux et al., Siloed Federated Learning for Multi-Centric Histopathology Datasets, DART 2020",
});
