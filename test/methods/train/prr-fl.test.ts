import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { hashState, valuesOf, type State } from "../../../lib/core/state";
import { where } from "../../../lib/core/where";
import { startEngine } from "../../../lib/engine";
import type { ClientContext, TrainedSlot } from "../../../lib/methods/contract";
import { exchangeFrequencies } from "../../../lib/methods/parts/frequencies";
import { prrFl } from "../../../lib/methods/train/prr-fl";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { differing, federateSmall, shape, start } from "../support/small-federation";

before(() => startEngine("wasm"));

const models = ["one", "other", "third"].map((name) => initialiseUNet(shape, createRandom(name)));
const furthest = (a: State, b: State) => Math.max(...a.values.map((value, i) => Math.abs(value - b.values[i])));

test("in recovery a client's own model trains alone, to the last bit, while the deputy travels", async () => {
  const { personal, history } = await federateSmall("prr-fl", { stage: "recover" });
  const alone = await federateSmall("local-only");
  assert.deepEqual(personal.map(hashState), alone.personal.map(hashState));
  assert.ok(history.every(({ bytesUp }) => bytesUp.every((bytes) => bytes > 0)));
});

test("with one local epoch both teach each other, whatever the rule says", async () => {
  const [rule, exchange] = [await federateSmall("prr-fl"), await federateSmall("prr-fl", { stage: "exchange" })];
  assert.deepEqual(rule.personal.map(hashState), exchange.personal.map(hashState));
  const { personal } = await federateSmall("prr-fl", { stage: "sublimate" });
  assert.notDeepEqual(personal.map(hashState), exchange.personal.map(hashState), "the deputy hears the client's model");
});

test("with several, the score at the start of each decides, and the first recovers", async () => {
  const scores = [0.95, 1, 0.95, 1, 0.95, 1, 0.6, 1]; // of deputy and personal model
  const taught: string[][] = [];
  const context = {
    received: { deputy: { layout: [], values: new Float32Array() } },
    kept: { personal: models[0], deputy: models[1] },
    params: prrFl.params.parse({}),
    localEpochs: 4,
    score: () => Promise.resolve(scores.shift()),
    train(slots: Record<string, TrainedSlot>, { epoch }: { epoch: number }) {
      taught[epoch] = Object.keys(slots).filter((name) => slots[name].recipe?.hears);
      return Promise.resolve({ personal: slots.personal.start, deputy: slots.deputy.start });
    },
  };
  await prrFl.client.round(context as unknown as ClientContext<ReturnType<typeof prrFl.params.parse>>);
  assert.deepEqual(taught, [["deputy"], ["personal", "deputy"], ["personal"], ["deputy"]]);
  assert.deepEqual(scores, []);
});

test("an empty block changes no kernel, equal kernels stay as they are, and a whole one gives all the same amplitudes", () => {
  const none = exchangeFrequencies(models, 0);
  none.forEach((mixed, client) => {
    assert.deepEqual(
      differing(mixed, models[client]).filter(({ role }) => role !== "bias" && role !== "kernel"),
      [],
    );
    for (const entry of start.layout.filter(where.kernel)) {
      const [got, want] = [mixed, models[client]].map((state) => valuesOf(state, entry.name));
      assert.ok(Math.max(...got.map((value, i) => Math.abs(value - want[i]))) < 1e-6, entry.name);
    }
  });
  const equal = [models[0], models[0]];
  for (const mixed of exchangeFrequencies(equal, 0.95)) assert.ok(furthest(mixed, models[0]) < 1e-5);
  // The first kernel is a 9 x 6 matrix: its squared amplitudes sum to 54 times the sum of its squares (Parseval).
  const energy = (state: State) => valuesOf(state, "encoder1.enc1_conv2.weight").reduce((sum, x) => sum + x * x, 0);
  const before = models.map(energy);
  const after = exchangeFrequencies(models, 1).map(energy);
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  assert.ok(spread(after) < spread(before), `${before} became ${after}`);
});

test("biases are averaged; published divides amplitudes by four, however many clients there are", () => {
  const [mixed] = exchangeFrequencies(models, 0.7);
  const biases = models.map((state) => valuesOf(state, "upconv1.bias"));
  valuesOf(mixed, "upconv1.bias").forEach((value, i) =>
    assert.ok(Math.abs(value - biases.reduce((sum, bias) => sum + bias[i], 0) / 3) < 1e-7),
  );
  // Of one matrix whose block is all of it but the highest frequencies, dividing by four instead of one leaves a quarter of the mean.
  const mean = (state: State) => valuesOf(state, "encoder2.enc2_conv1.weight").reduce((sum, value) => sum + value, 0);
  const [own] = exchangeFrequencies([models[0]], 0.7, 4);
  assert.ok(Math.abs(mean(own) - mean(models[0]) / 4) < 1e-5);
});

test("the block grows from L_0 towards L_T with the rounds", async () => {
  const of = async (params: object) => (await federateSmall("prr-fl", params, { rounds: 2 })).server;
  const [grown, still] = [await of({ from: 0.3, to: 0.9 }), await of({ from: 0.3, to: 0.3 })];
  assert.notEqual(hashState(grown["client 0"]), hashState(still["client 0"]));
  const one = async (params: object) => (await federateSmall("prr-fl", params, { rounds: 1 })).server;
  assert.equal(
    hashState((await one({ from: 0.3, to: 0.9 }))["client 0"]),
    hashState((await one({ from: 0.3, to: 0.3 }))["client 0"]),
  );
});
