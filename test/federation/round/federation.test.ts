import assert from "node:assert/strict";
import { noWork } from "../../../lib/federation/client/work";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { Interrupted } from "../../../lib/core/errors";
import { createRandom } from "../../../lib/core/random";
import { byteLength, hashState, lerp, weightedMean, type State } from "../../../lib/core/state";
import { createLayout, layoutSize, type UnplacedEntry } from "../../../lib/core/layout";
import { startEngine } from "../../../lib/engine";
import { checkpointFiles, openCheckpoint, removeCheckpoint } from "../../../lib/federation/store/checkpoint";
import { inMemory } from "../../../lib/federation/store/client-store";
import {
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../../lib/federation/round/federation";
import { shuffledBatches } from "../../../lib/federation/client/batches";
import { trainSlots } from "../../../lib/federation/client/train-slots";
import type { Bag, Training } from "../../../lib/methods/contract";
import { fedavg } from "../../../lib/methods/train/fedavg";
import { iopFl } from "../../../lib/methods/train/iop-fl";
import { localOnly } from "../../../lib/methods/train/local-only";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { unet } from "../../../lib/nets/model/unet";
import { smallSite } from "../support/small-site";

const shape = { inChannels: 3, classes: 2, features: 2 };
const clients = [
  smallSite("A", { train: 5, validation: 2, test: 2 }),
  smallSite("B", { train: 3, validation: 2, test: 2 }),
];
const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.01 }, batch: 2, localEpochs: 1 } as const;
const folder = mkdtempSync(join(tmpdir(), "iopfl-federation-"));

before(() => startEngine("wasm"));
after(() => rmSync(folder, { recursive: true, force: true }));

function specOf(method: Training, rounds = 3): FederationSpec {
  const random = createRandom("test");
  return {
    shape,
    method,
    params: method.params.parse({}),
    clients,
    training,
    rounds,
    start: initialiseUNet(shape, random.child("weights")),
    random: random.child("batches"),
  };
}

const hashes = ({ server, clients: kept }: FederationState) => [
  ...Object.values(server).map(hashState),
  ...kept.flatMap((client) => Object.values(client.read()).map(hashState)),
];

/** Runs rounds with a checkpoint, from the start or from where it is, as a process of its own would. */
async function runWithCheckpoint(
  path: string,
  spec: FederationSpec,
  warn: (text: string) => void = assert.fail,
): Promise<FederationState> {
  const checkpoint = openCheckpoint(path);
  const kept = { ...spec, store: checkpoint.store };
  return runFederation(kept, checkpoint.load(warn)?.state ?? startFederation(kept), {
    onRound: (state) => checkpoint.save(state),
  });
}

test("a round is FedAvg's: train from the global model, average by training slices; IOP-FL keeps the average of its own models", async () => {
  const spec = specOf(iopFl as Training, 2);
  const tensors = tf.memory().numTensors;
  let global = spec.start;
  const personal: (State | undefined)[] = [undefined, undefined];
  for (const round of [1, 2]) {
    const trained: State[] = [];
    for (const [index, { site, parts }] of clients.entries()) {
      const random = spec.random.child(round).child(site);
      const slices = parts.train;
      const batches = shuffledBatches({ client: index, round, finishing: false, slices, training, random });
      const { states } = await trainSlots({
        model: unet(shape),
        slots: { model: { start: global } },
        slices,
        batches,
        optimiser: training.optimiser,
        random,
      });
      const state = states.model;
      const past = personal[index];
      personal[index] = past ? lerp(past, state, 0.1) : state;
      trained.push(state);
    }
    global = weightedMean(trained, [5, 3]);
  }
  const result = await runFederation(spec, startFederation(spec));
  assert.deepEqual(
    hashes(result),
    [global, ...personal].map((state) => hashState(state as State)),
  );
  assert.deepEqual(
    result.history.map(({ round }) => round),
    [1, 2],
  );
  assert.equal(tf.memory().numTensors, tensors, "tensors were left behind");
});

test("two runs, and a run that is resumed from each of its checkpoints, give the same bytes", async () => {
  const path = join(folder, "run.safetensors");
  for (const method of [fedavg, iopFl, localOnly] as Training[]) {
    const spec = specOf(method);
    const whole = await runFederation(spec, startFederation(spec));
    for (const stopAfter of [1, 2]) {
      removeCheckpoint(path);
      await runWithCheckpoint(path, { ...spec, rounds: stopAfter });
      const result = await runWithCheckpoint(path, spec);
      assert.deepEqual(hashes(result), hashes(whole), `${method.id} resumed after round ${stopAfter}`);
      assert.deepEqual(result.history, whole.history);
    }
  }
});

test("a torn or altered checkpoint is never read: the run goes on from the round before, and from the start without any", async () => {
  const path = join(folder, "torn.safetensors");
  const spec = specOf(iopFl as Training, 2);
  await runWithCheckpoint(path, spec);
  const load = (warnings: string[] = []) => openCheckpoint(path).load((text) => warnings.push(text))?.state;
  const {
    generations: [even, odd],
  } = checkpointFiles(path);
  const whole = readFileSync(even);
  const random = createRandom("altered");
  for (let change = 0; change < 60; change++) {
    const cut = change % 2 === 0;
    const at = random.integer(whole.length);
    const changed = cut ? whole.subarray(0, at) : Buffer.from(whole);
    if (!cut) changed[at] ^= 1 << random.integer(8);
    writeFileSync(even, changed);
    const warnings: string[] = [];
    const state = load(warnings);
    assert.equal(state?.history.length, 1, `${cut ? "cut" : "bit flipped"} at ${at} of ${whole.length}`);
    assert.match(warnings.join(), /a damaged checkpoint is left out: .*torn\.even\.safetensors/);
  }
  truncateSync(odd, 2000);
  assert.equal(load(), undefined);
  assert.deepEqual([existsSync(even), existsSync(odd)], [false, false]);
});

test("an interrupt stops within one batch, keeps finished rounds and leaves no tensors", async () => {
  const tensors = tf.memory().numTensors;
  const spec = specOf(fedavg as Training, 5);
  const stop = new AbortController();
  const rounds: number[] = [];
  let batches = 0;
  await assert.rejects(
    runFederation(spec, startFederation(spec), {
      signal: stop.signal,
      onBatch: (done) => {
        batches = done;
        if (done === 7) stop.abort(); // 3 + 2 batches a round: in the middle of the second
      },
      onRound: ({ history }) => rounds.push(history.length),
    }),
    Interrupted,
  );
  assert.deepEqual([batches, rounds], [7, [1]]);
  assert.equal(tf.memory().numTensors, tensors);
});

test("methods differ where they should, train, and pay for what they send", async () => {
  const results = await Promise.all(
    [fedavg, iopFl, localOnly].map(async (method) => {
      const spec = specOf(method as Training, 6);
      return runFederation(spec, startFederation(spec));
    }),
  );
  const [average, inside, alone] = results;
  assert.equal(
    hashState(average.server.model),
    hashState(inside.server.model),
    "inside personalisation must not change the federation",
  );
  assert.notEqual(hashState(alone.clients[0].read().own), hashState(average.server.model));
  for (const { history } of results)
    assert.ok(Number(history[5].loss[0]) < Number(history[0].loss[0]), "the loss did not fall");
  assert.deepEqual(average.history[0].bytesUp, [byteLength(average.server.model), byteLength(average.server.model)]);
  assert.deepEqual(alone.history[0].bytesUp.concat(alone.history[0].bytesDown), [0, 0, 0, 0]);
});

test("whatever is kept survives a checkpoint: a part of a network, a head, a spectrum, a moment, a scalar, nothing", () => {
  const path = join(folder, "part.safetensors");
  const model = initialiseUNet(shape, createRandom("part"));
  const made = (entries: readonly UnplacedEntry[]): State => {
    const layout = createLayout(entries);
    return { layout, values: Float32Array.from({ length: layoutSize(layout) }, (_, index) => index / 7 - 1) };
  };
  const entry = (name: string, dims: number[], role: UnplacedEntry["role"], block: string) => ({
    name,
    shape: dims,
    role,
    block,
  });
  const bags: Bag[] = [
    { tail: made(model.layout.slice(-3)), whole: model },
    {
      head: made([
        entry("rotation.weight", [32, 4], "kernel", "rotation"),
        entry("rotation.bias", [4], "bias", "rotation"),
      ]),
    },
    {
      spectrum: made([entry("amplitude", [3, 16, 16], "free", "amplitude")]),
      moment: made([entry("m", [7], "free", "adam")]),
    },
    { rate: made([entry("lambda", [], "free", "")]) },
    {},
  ];
  const server = { model, "client 0": made(model.layout.slice(0, 2)) };
  openCheckpoint(path).save({ server, clients: bags.map(inMemory.keep), history: [], work: noWork });
  const loaded = openCheckpoint(path).load(assert.fail)?.state;
  assert.deepEqual(
    loaded?.clients.map((kept) => kept.read()),
    bags,
  );
  assert.deepEqual(loaded?.server, server);
});
