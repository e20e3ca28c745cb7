import { z } from "zod";
import { overlay, partOf, weightedMean, withPart, type Entry } from "../../core/state";
import { defineInside } from "../contract";

/** Scale, offset, statistics and counter of every batch normalisation of the U-Net: `encoder1.enc1_bn1.weight` and its like. */
const isNormalisation = ({ name }: Entry) => /_bn[12]\./.test(name);
const isShared = (entry: Entry) => !isNormalisation(entry);

/** FedBN (Li et al., ICLR 2021, Alg. 1): FedAvg in which batch normalisation, parameters and statistics, never leaves the client. */
export const fedbn = defineInside({
  id: "fedbn",
  title: "FedBN",
  citation: "Li et al., FedBN: Federated Learning on Non-IID Features via Local Batch Normalization, ICLR 2021",
  params: z.strictObject({}),
  start: (global) => ({ own: global }),
  async local({ global, client, train }) {
    const own = await train(overlay(global, client.own, isNormalisation));
    return { upload: partOf(own, isShared), client: { own } };
  },
  aggregate: (uploads, slices, global) => withPart(global, weightedMean(uploads, slices)),
  predictWith: (client, global) => overlay(global, client.own, isNormalisation),
});
