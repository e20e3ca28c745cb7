import { z } from "zod";
import { overlay, partOf, weightedMean, withPart, type Entry } from "../../core/state";
import { defineInside } from "../contract";

/** The head is the last convolution (1x1), everything before it the representation. */
const isHead = ({ name }: Entry) => name.startsWith("conv.");
const isBody = (entry: Entry) => !isHead(entry);

/**
 * FedRep (Collins et al., ICML 2021, Alg. 1): each round trains the client's own head on the received body, then the body under that
 * head; only bodies are averaged. Running statistics belong to the body and follow both passes.
 */
export const fedrep = defineInside({
  id: "fedrep",
  title: "FedRep",
  citation: "Collins et al., Exploiting Shared Representations for Personalized Federated Learning, ICML 2021",
  params: z.strictObject({}),
  passes: 2,
  start: (global) => ({ own: global }),
  async local({ global, client, train }) {
    const headTrained = await train(overlay(global, client.own, isHead), { trainable: isHead });
    const own = await train(headTrained, { trainable: isBody });
    return { upload: partOf(own, isBody), client: { own } };
  },
  aggregate: (uploads, slices, global) => withPart(global, weightedMean(uploads, slices)),
  predictWith: (client, global) => overlay(global, client.own, isHead),
});
