import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../lib/core/random";
import { byteLength, hashState, type State } from "../../lib/core/state";
import { startEngine } from "../../lib/engine";
import { shuffledBatches } from "../../lib/federation/client/batches";
import type { ClientSpec } from "../../lib/federation/client/client-work";
import { openAdapter, runAdaptation } from "../../lib/federation/evaluate/adaptation";
import {
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../lib/federation/round/federation";
import { openCheckpoint } from "../../lib/federation/store/checkpoint";
import type { Adaptation, Bag, ClientContext, Training } from "../../lib/methods/contract";
import { adaptations, trainingOf, trainings } from "../../lib/methods/registry";
import { initialiseUNet } from "../../lib/nets/model/initialise";
import type { SliceSet } from "../../lib/data/set/types";
import { allValues } from "../../lib/data/set/values";
import { smallSite } from "../federation/support/small-site";
import { throughFiles } from "./support/through-files";
import { wantedBank } from "./support/wanted-bank";

/**
 * What every method keeps to, whatever it does: runs over the registry, so that a method that is added there is tested here by itself.
 * Methods whose predictions may equal another's say why.
 */
const mayEqual: Readonly<Record<string, string>> = {
  "rsc = fedavg": "muting changes an untrained network of two features by less than RSC's slack of 1e-4",
};

/** Methods that the order of the clients changes, and why. */
const ordered: Readonly<Record<string, string>> = {
  centralised: "slices lie in the pool in the order of the clients, and are drawn by their place",
};

/** Methods that make much of rounding, which the order of the clients changes: they are compared after one round. */
const illConditioned: Readonly<Record<string, string>> = {
  jigen: "its head sees the bottleneck's single pixel, normalised over two images, which is a sign",
};

/** Methods that go on for epochs behind the last round: one is as good as ten here, and golden data have the numbers. */
const shorter: Readonly<Record<string, object>> = { "fedavg-finetuned": { epochs: 1 }, fedbabu: { epochs: 1 } };

const shape = { inChannels: 3, classes: 2, features: 2 };
const clients = [
  smallSite("A", { train: 5, validation: 2, test: 2 }),
  smallSite("B", { train: 3, validation: 2, test: 2 }),
  smallSite("C", { train: 4, validation: 2, test: 2 }),
];
const folder = mkdtempSync(join(tmpdir(), "iopfl-conformance-"));

before(() => startEngine("wasm"));
after(() => rmSync(folder, { recursive: true, force: true }));

function specOf(method: Training, rounds = 2): FederationSpec {
  const random = createRandom("conformance");
  return {
    shape,
    method,
    params: method.params.parse(shorter[method.id] ?? {}),
    clients,
    training: { optimiser: { kind: "adam-amsgrad", learningRate: 0.01 }, batch: 2, localEpochs: 1 },
    rounds,
    start: initialiseUNet(shape, random.child("weights")),
    random: random.child("batches"),
  };
}

/** All that a federation leaves: what the server and the clients hold, what predicts, and the history. */
const tracesOf = (spec: FederationSpec, state: FederationState) => ({
  server: hashesOf(state.server),
  clients: state.clients.map((kept) => hashesOf(kept.read())),
  predictors: clients.map((_, client) => hashState(predictorOf(spec, state, client))),
  history: state.history,
});
const hashesOf = (bag: Bag) => Object.entries(bag).map(([name, state]) => [name, hashState(state)]);

/** What each method leaves by itself, run once whichever tests ask for it. */
const runs = new Map<string, Promise<FederationState>>();
function runOf(method: Training): Promise<FederationState> {
  const spec = specOf(method);
  const run = runs.get(method.id) ?? runFederation(spec, startFederation(spec));
  runs.set(method.id, run);
  return run;
}

async function predictionsOf(method: Training): Promise<string[]> {
  const state = await runOf(method);
  return clients.map((_, client) => hashState(predictorOf(specOf(method), state, client)));
}

for (const method of trainings) {
  const { id } = method;

  test(`${id}: the same bytes in memory, on disk and shared with another process, and killed and resumed behind each round`, async () => {
    const spec = specOf(method);
    const tensors = tf.memory().numTensors;
    const whole = tracesOf(spec, await runOf(method));
    const onDisk = { ...spec, store: openCheckpoint(join(folder, `${id}-shared.safetensors`), 0).store };
    const other = throughFiles(spec, folder);
    const shared = await runFederation(onDisk, startFederation(onDisk), { helpers: () => [other] });
    assert.deepEqual(tracesOf(spec, shared), whole);
    const run = (rounds: number) => {
      const checkpoint = openCheckpoint(join(folder, `${id}.safetensors`), 0);
      const kept = { ...spec, rounds, store: checkpoint.store };
      const from = checkpoint.load(assert.fail)?.state ?? startFederation(kept);
      return runFederation(kept, from, { onRound: (state) => checkpoint.save(state) });
    };
    await run(1);
    for (const stoppedAfter of [1, 2])
      assert.deepEqual(tracesOf(spec, await run(2)), whole, `resumed after round ${stoppedAfter}`);
    assert.equal(tf.memory().numTensors, tensors, "tensors were left behind");
  });

  test(`${id}: what travels is what is counted`, async () => {
    const [sent, received] = [new Map<string, number>(), new Map<string, number>()];
    const bytes = (bag: Bag = {}) => Object.values(bag).reduce((sum, state) => sum + byteLength(state), 0);
    let client = 0;
    const sampler: ClientSpec["sampler"] = (request) => {
      client = request.client;
      return shuffledBatches(request);
    };
    const round = async (context: ClientContext<unknown>) => {
      const result = await method.client.round(context);
      received.set(`${context.round}/${client}`, bytes(context.received));
      sent.set(`${context.round}/${client}`, bytes(result.send));
      return result;
    };
    const spec = { ...specOf({ ...method, client: { ...method.client, round } }), sampler };
    const { history } = await runFederation(spec, startFederation(spec));
    for (const { round: number, bytesUp, bytesDown } of history) {
      clients.forEach((_, index) => {
        // Where the slices are pooled, there is nowhere to send to.
        const want = method.pooled ? [0, 0] : [sent, received].map((way) => way.get(`${number}/${index}`));
        assert.deepEqual([bytesUp[index], bytesDown[index]], want);
      });
    }
  });

  test(`${id}: does not depend on the order of the clients`, async () => {
    if (ordered[id]) return;
    const of = async (sites: typeof clients) => {
      const spec = { ...specOf(method, illConditioned[id] ? 1 : 2), clients: sites };
      // Sums in another order round otherwise, which Adam would make large where a gradient is next to nothing.
      const training = { ...spec.training, optimiser: { kind: "sgd", learningRate: 0.1 } as const };
      const plain = { ...spec, training };
      const state = await runFederation(plain, startFederation(plain));
      return new Map(sites.map(({ site }, client) => [site, predictorOf(plain, state, client)]));
    };
    const [forth, back] = [await of(clients), await of([...clients].reverse())];
    for (const [site, state] of forth) {
      const apart = state.values.map((value, i) => Math.abs(value - (back.get(site)?.values[i] ?? NaN)));
      assert.ok(Math.max(...apart) < 2e-5, `${site} differs by ${Math.max(...apart)}`);
    }
  });

  test(`${id}: is neither training alone nor FedAvg, and predicts with the model that it says`, async () => {
    const predictors = await predictionsOf(method);
    for (const control of ["local-only", "fedavg"].filter((each) => each !== id)) {
      const reason = mayEqual[`${id} = ${control}`];
      const others = await predictionsOf(trainingOf(control));
      const same = predictors.every((hash, client) => hash === others[client]);
      assert.equal(same, reason !== undefined, `${id} ${same ? "equals" : "differs from"} ${control}`);
    }
    const global = hashState((await runOf(method)).server.model);
    const personal = predictors.filter((hash) => hash !== global).length;
    if (method.client.predict) assert.ok(personal > 0, "the global model predicts for all");
    else assert.equal(personal, 0, "another model than the global one predicts");
  });
}

const outside = smallSite("outside", { train: 5, validation: 1, test: 1 }).parts.train;
const model = (name: string): State => initialiseUNet(shape, createRandom(name));
const bank = { shape, personal: ["a", "b"].map(model), global: model("global") };

function adapt(method: Adaptation, slices: SliceSet) {
  return runAdaptation({
    method,
    params: method.params.parse({}),
    bank: wantedBank(method, bank),
    outside: slices,
    batch: 2,
    epochs: 2,
    random: createRandom("adapt"),
  });
}

for (const method of adaptations) {
  const { id } = method;

  test(`${id}: what it does does not depend on labels, and repeats itself to the last bit`, async () => {
    const tensors = tf.memory().numTensors;
    const first = await adapt(method, outside);
    assert.equal(tf.memory().numTensors, tensors, "tensors were left behind");
    const shuffled = allValues(outside.masks).slice().reverse();
    const other = await adapt(method, { ...outside, masks: shuffled });
    assert.deepEqual(other.masks, first.masks);
    const seen = ({ epochs }: typeof first) => epochs.map(({ telemetry }) => telemetry);
    assert.deepEqual(seen(other), seen(first));
    assert.notDeepEqual(
      other.epochs.map(({ cases }) => cases),
      first.epochs.map(({ cases }) => cases),
      "the labels were not shuffled",
    );
  });

  test(`${id}: predicts otherwise than the global model, unless it is that`, async () => {
    const images = tf.tensor4d(
      Float32Array.from({ length: 2 * 256 * 3 }, (_, i) => Math.sin(i)),
      [2, 16, 16, 3],
    );
    const logitsOf = async (one: Adaptation) => {
      const params = one.params.parse({});
      const adapter = openAdapter({
        method: one,
        params,
        bank: wantedBank(one, bank),
        epochs: 1,
        random: createRandom("adapt"),
      });
      await adapter.before(async (see) => see(images));
      const logits = await adapter.predict(images);
      const values = Array.from(await logits.data());
      logits.dispose();
      adapter.dispose();
      return values;
    };
    const plain = await logitsOf(adaptations[0]);
    const own = await logitsOf(method);
    images.dispose();
    assert.equal(
      own.every((value, i) => value === plain[i]),
      id === adaptations[0].id,
    );
  });
}
