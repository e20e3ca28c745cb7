import { not, where } from "../../core/where";
import { defineTraining } from "../contract";
import { keeping } from "../parts/keeping";
import { fedavg } from "./fedavg";

/** Each round trains the head on the received body, then the body under that head; running statistics follow both passes. */
const inTurns = defineTraining({
  ...fedavg,
  client: {
    async round({ received, train }) {
      const { head } = await train({ head: { start: received.model, recipe: { trains: where.head } } });
      return { send: await train({ model: { start: head, recipe: { trains: not(where.head) } } }) };
    },
  },
});

/** FedRep (Collins et al., ICML 2021, Alg. 1): the client's head stays at home, only bodies, with their statistics, are averaged. */
export const fedrep = defineTraining({
  ...keeping(inTurns, where.head),
  id: "fedrep",
  title: "FedRep",
  citation: "Collins et al., Exploiting Shared Representations for Personalized Federated Learning, ICML 2021",
});
