/**
 * `node -r ./lib/cli/register.cjs test/lab/support/many-clients.ts '{"clients":6,"rounds":3,"features":16,"slices":120}'` trains IOP-FL as a job does,
 * checkpoints and all, and prints what it held in memory. Slices are those of all clients together: a data set does not grow when
 * more clients share it. What grows with clients is states.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../../lib/core/random";
import { byteLength } from "../../../lib/core/state";
import { probeTensorflow, startEngine } from "../../../lib/engine";
import { openCheckpoint } from "../../../lib/federation/store/checkpoint";
import { runFederation, startFederation, type FederationSpec } from "../../../lib/federation/round/federation";
import { trainingOf } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { smallSite } from "../../federation/support/small-site";

export interface ManyClients {
  readonly clients: number;
  readonly rounds: number;
  readonly features: number;
  /** Training slices of all clients together. */
  readonly slices: number;
  /** Bytes of states to hold in memory (default: as jobs do). */
  readonly memory?: number;
}

export interface Held {
  readonly stateMegabytes: number;
  readonly peakMegabytes: number;
  /** After each round. */
  readonly residentMegabytes: readonly number[];
  /** Numbers of tensors that were seen after rounds. */
  readonly tensors: readonly number[];
}

async function main({ clients, rounds, features, slices, memory }: ManyClients): Promise<Held> {
  await startEngine(probeTensorflow().verified ? "tensorflow" : "wasm", { threads: 1 });
  const shape = { inChannels: 3, classes: 2, features };
  const random = createRandom("many clients");
  const method = trainingOf("iop-fl");
  const folder = mkdtempSync(join(tmpdir(), "iopfl-clients-"));
  const checkpoint = openCheckpoint(join(folder, "job.safetensors"), memory);
  const sites = Array.from({ length: clients }, (_, index) =>
    smallSite(`client${index}`, { train: slices / clients, validation: 1, test: 1 }),
  );
  const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.001 }, batch: 2, localEpochs: 1 } as const;
  const spec: FederationSpec = {
    shape,
    method,
    params: method.params.parse({}),
    clients: sites,
    training,
    rounds,
    start: initialiseUNet(shape, random),
    random,
    store: checkpoint.store,
  };
  const residentMegabytes: number[] = [];
  const tensors = new Set<number>();
  try {
    await runFederation(spec, startFederation(spec), {
      onRound(state) {
        checkpoint.save(state);
        tensors.add(tf.memory().numTensors);
        residentMegabytes.push(process.memoryUsage.rss() / 1e6);
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    stateMegabytes: byteLength(spec.start) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    residentMegabytes,
    tensors: [...tensors],
  };
}

if (require.main === module)
  void main(JSON.parse(process.argv[2]) as ManyClients).then((held) => process.stdout.write(JSON.stringify(held)));
