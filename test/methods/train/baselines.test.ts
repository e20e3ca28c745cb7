import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../../lib/core/random";
import { byteLength, distance, hashState, valuesOf, type State } from "../../../lib/core/state";
import type { Entry } from "../../../lib/core/layout";
import { startEngine } from "../../../lib/engine";
import {
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
} from "../../../lib/federation/round/federation";
import { trainingOf, trainings } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { smallSite } from "../../federation/support/small-site";

const shape = { inChannels: 3, classes: 2, features: 2 };
const start = initialiseUNet(shape, createRandom("weights"));
const clients = [
  smallSite("A", { train: 5, validation: 2, test: 2 }),
  smallSite("B", { train: 3, validation: 2, test: 2 }),
];
const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.01 }, batch: 2, localEpochs: 1 } as const;
const bytesOf = (wanted: (entry: Entry) => boolean) =>
  4 * start.layout.filter(wanted).reduce((sum, { size }) => sum + size, 0);

before(() => startEngine("wasm"));

async function federate(id: string, given: Record<string, number> = {}, rounds = 2) {
  const method = trainingOf(id);
  const spec: FederationSpec = {
    shape,
    method,
    params: method.params.parse(given),
    clients,
    training,
    rounds,
    start,
    random: createRandom("batches"),
  };
  const progress: [number, number][] = [];
  const final = await runFederation(spec, startFederation(spec), {
    onBatch: (done, total) => void progress.push([done, total]),
  });
  const personal = clients.map((_, client) => predictorOf(spec, final, client));
  return { ...final, global: final.server.model, personal, progress };
}

const differing = (a: State, b: State) =>
  a.layout
    .filter(({ name }) => valuesOf(a, name).some((value, i) => value !== valuesOf(b, name)[i]))
    .map(({ name }) => name);

test("every method runs, counts its batches to the end, and leaves no tensors behind", async () => {
  for (const { id } of trainings) {
    const tensors = tf.memory().numTensors;
    const { progress, history } = await federate(id);
    assert.equal(tf.memory().numTensors, tensors, id);
    const [done, total] = progress[progress.length - 1];
    assert.equal(done, total, `${id} did ${done} of ${total} batches`);
    assert.ok(
      history.every(({ loss }) => loss.every((value) => value > 0 && value < 1)),
      id,
    );
  }
});

test("only what is shared is counted as sent and received", async () => {
  const whole = byteLength(start);
  const shared = {
    "local-only": 0,
    fedbn: bytesOf(({ name }) => !/_bn\d/.test(name)),
    fedrep: bytesOf(({ name }) => !/^conv\./.test(name)),
    fedamp: bytesOf(({ name }) => !/running|tracked/.test(name)),
  };
  for (const { id } of trainings) {
    const [{ bytesUp, bytesDown }] = (await federate(id, {}, 1)).history;
    const want = { ...Object.fromEntries(trainings.map((method) => [method.id, whole])), ...shared }[id];
    assert.deepEqual(
      [bytesUp, bytesDown],
      [
        [want, want],
        [want, want],
      ],
      id,
    );
  }
});

test("clients differ in what stays at home and in nothing else", async () => {
  const fedbn = await federate("fedbn");
  assert.ok(differing(fedbn.personal[0], fedbn.personal[1]).every((name) => /_bn[12]\./.test(name)));
  assert.ok(differing(fedbn.personal[0], fedbn.personal[1]).length >= 18 * 4);
  assert.deepEqual(
    differing(fedbn.global, start).filter((name) => /_bn[12]\./.test(name)),
    [],
    "normalisation reached the server",
  );
  const fedrep = await federate("fedrep");
  assert.deepEqual(differing(fedrep.personal[0], fedrep.personal[1]), ["conv.weight", "conv.bias"]);
});

test("a strong pull holds FedProx and Ditto at the received model", async () => {
  const free = await federate("fedprox", { mu: 0 }, 1);
  const held = await federate("fedprox", { mu: 10 }, 1);
  assert.equal(hashState(free.global), hashState((await federate("fedavg", {}, 1)).global));
  assert.ok(distance(held.global, start) < distance(free.global, start));
  const ditto = await federate("ditto", { lambda: 0 }, 2);
  const alone = await federate("local-only", {}, 2);
  assert.deepEqual(
    ditto.personal.map(hashState),
    alone.personal.map(hashState),
    "with lambda 0 Ditto's personal models train alone",
  );
});

test("the ends of APFL's alpha are training alone and FedAvg", async () => {
  const alone = await federate("local-only");
  assert.deepEqual((await federate("apfl", { alpha: 1 })).personal.map(hashState), alone.personal.map(hashState));
  const shared = await federate("apfl", { alpha: 0 }, 1);
  const sent = await federate("iop-fl", { alpha: 0 }, 1);
  shared.personal.forEach((mixture, client) =>
    assert.ok(distance(mixture, sent.personal[client]) === 0, "with alpha 0 the mixture is the shared model"),
  );
  assert.equal(hashState(shared.global), hashState(sent.global));
});
