import { mean } from "../core/mean";
import { join } from "node:path";
import { createRandom } from "../core/random";
import type { SiteData } from "../data/set/types";
import { ownExecutor, type ClientSpec } from "../federation/client/client-work";
import {
  executorsOf,
  predictorOf,
  runFederation,
  startFederation,
  type FederationHooks,
  type FederationSpec,
  type FederationState,
} from "../federation/round/federation";
import { schedule } from "../federation/round/schedule";
import { openHelperPool } from "../lab/execute/helper-pool";
import { startWorker } from "../lab/execute/start-worker";
import { proposed } from "../methods/registry";
import { modelsOf, shapeOf, sitesOf } from "./inputs";
import { officialOptimiser, type OwnTask, type Prepared, type Task } from "./task";

let made: { readonly key: string; readonly clients: SiteData[] } | undefined;

/** @returns what clients of the measured round depend on, in this process and in helpers */
export function roundSpec(task: Task): ClientSpec {
  const key = JSON.stringify(task);
  if (made?.key !== key) made = { key, clients: sitesOf(task) };
  const method = proposed.training;
  const training = { optimiser: officialOptimiser, batch: task.batch, localEpochs: 1 };
  return {
    shape: shapeOf(task),
    method,
    params: method.params.parse({}),
    clients: made.clients,
    training,
    random: createRandom("bench/batches"),
  };
}

/** Rounds of IOP-FL as the official loop has them: both models of every client are evaluated on validation and test. */
export function prepareRound(task: OwnTask): Prepared {
  const spec: FederationSpec = { ...roundSpec(task), rounds: 0, start: modelsOf(task).global };
  let cpuSeconds = 0;
  const pool = openHelperPool({
    start: (exchange) => startWorker({ engine: task.engine, exchange, script: join(__dirname, "helper-process.ts") }),
    warn(message) {
      throw new Error(message);
    },
  });
  pool.allow(task.helpers);
  process.on("exit", pool.close);
  const helpers: FederationHooks["helpers"] = (own) =>
    pool.executors({
      own,
      message: (file) => ({ type: "work", of: task, file }),
      onSpent: (seconds) => void (cpuSeconds += seconds),
    });
  let state = startFederation(spec);
  return {
    async once() {
      await pool.ready();
      for (let round = 0; round < task.rounds; round++) {
        state = await runFederation({ ...spec, rounds: state.history.length + 1 }, state, { helpers });
        await evaluateTest(spec, state, helpers);
      }
      return mean(state.history[state.history.length - 1].loss.map(Number));
    },
    helped: () => ({ cpuSeconds, peakMegabytes: pool.peakMegabytes() }),
  };
}

async function evaluateTest(
  spec: FederationSpec,
  state: FederationState,
  helpers: FederationHooks["helpers"],
): Promise<void> {
  const counts = spec.clients.map(({ parts }) => parts.test.count);
  await schedule(executorsOf(ownExecutor(spec), { helpers })(), counts, (executor, client) => {
    const models = [state.server.model, predictorOf(spec, state, client)];
    return executor.evaluate({ kind: "evaluation", client, parts: ["test"], models, surfaces: false }, {});
  });
}
