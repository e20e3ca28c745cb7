import { join } from "node:path";
import { createRandom } from "../core/random";
import type { SiteData } from "../data/types";
import { ownHand, type ClientSpec } from "../federation/client-work";
import { handsOf, runFederation, startFederation, type FederationHooks, type FederationSpec, type FederationState } from "../federation/federation";
import { shareOut } from "../federation/share-out";
import { openCrew } from "../lab/crew";
import { startWorker } from "../lab/start-worker";
import { insideMethod } from "../methods/registry";
import { unetLayout } from "../nets/unet-layout";
import { modelsOf, shapeOf, sitesOf } from "./inputs";
import { officialOptimiser, type OwnTask, type Prepared, type Task } from "./task";

let made: { readonly key: string; readonly clients: SiteData[] } | undefined;

/** @returns what clients of the measured round depend on, in this process and in helpers */
export function roundSpec(task: Task): ClientSpec {
  const key = JSON.stringify(task);
  if (made?.key !== key) made = { key, clients: sitesOf(task) };
  const method = insideMethod("iop-fl");
  const training = { optimiser: officialOptimiser, batch: task.batch, localEpochs: 1 };
  return { shape: shapeOf(task), method, params: method.params.parse({}), clients: made.clients, training, random: createRandom("bench/batches") };
}

/** Rounds of IOP-FL as the official loop has them: both models of every client are evaluated on validation and test. */
export function prepareRound(task: OwnTask): Prepared {
  const spec: FederationSpec = { ...roundSpec(task), rounds: 0, start: modelsOf(task).global };
  let cpuSeconds = 0;
  const crew = openCrew({
    start: (exchange) => startWorker({ engine: task.engine, exchange, script: join(__dirname, "helper-process.ts") }),
    warn(message) {
      throw new Error(message);
    },
  });
  crew.allow(task.helpers);
  process.on("exit", crew.close);
  const layout = unetLayout(spec.shape);
  const helpers: FederationHooks["helpers"] = (own) =>
    crew.hands({ own, layout, message: (file) => ({ type: "work", of: task, file }), onSpent: (seconds) => void (cpuSeconds += seconds) });
  let state = startFederation(spec);
  return {
    async once() {
      await crew.ready();
      for (let round = 0; round < task.rounds; round++) {
        state = await runFederation({ ...spec, rounds: state.history.length + 1 }, state, { helpers });
        await evaluateTest(spec, state, helpers);
      }
      const { loss } = state.history[state.history.length - 1];
      return loss.reduce((sum, value) => sum + value, 0) / loss.length;
    },
    helped: () => ({ cpuSeconds, peakMegabytes: crew.peakMegabytes() }),
  };
}

async function evaluateTest(spec: FederationSpec, { global, clients }: FederationState, helpers: FederationHooks["helpers"]): Promise<void> {
  const counts = spec.clients.map(({ parts }) => parts.test.count);
  await shareOut(handsOf(ownHand(spec), { helpers })(), counts, (hand, client) => {
    const models = [global, spec.method.predictWith(clients[client].read(), global)];
    return hand.evaluate({ kind: "evaluation", client, parts: ["test"], models, surfaces: false }, {});
  });
}
