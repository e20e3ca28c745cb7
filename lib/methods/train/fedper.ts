import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { keeping } from "../parts/keeping";
import { fedavg } from "./fedavg";

/** FedPer (Arivazhagan et al., 2019, Alg. 1): body and head are trained together, and the head (K_P = 1 layer) stays at home. */
export const fedper = defineTraining({
  ...keeping(fedavg, where.head),
  id: "fedper",
  title: "FedPer",
  citation: "Arivazhagan et al., Federated Learning with Personalization Layers, arXiv:1912.00818, 2019",
});
