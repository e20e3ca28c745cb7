import { where } from "../../core/where";
import { defineTraining } from "../contract";
import { keeping } from "../parts/keeping";
import { fedavg } from "./fedavg";

/** FedBN (Li et al., ICLR 2021, Alg. 1): FedAvg in which batch normalisation, parameters and statistics, never leaves the client. */
export const fedbn = defineTraining({
  ...keeping(fedavg, where.norm),
  id: "fedbn",
  title: "FedBN",
  citation: "Li et al., FedBN: Federated Learning on Non-IID Features via Local Batch Normalization, ICLR 2021",
});
