import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../../lib/core/random";
import { startEngine } from "../../../lib/engine";
import { openAdapter } from "../../../lib/federation/evaluate/adaptation";
import type { ModelBank } from "../../../lib/methods/contract";
import { adaptationOf, trainingOf } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";

const shape = { inChannels: 3, classes: 2, features: 2 };
const model = (name: string) => initialiseUNet(shape, createRandom(name));
const federation = trainingOf("ttt");
/** With TTT's head, which the others do not see. */
const global = federation.server?.start?.(model("global"), 2, federation.params.parse({})).model ?? model("global");
const whole: ModelBank = { shape, personal: [model("a"), model("b")], global: model("global") };
const alone: ModelBank = { shape, personal: [], global: model("global") };

before(() => startEngine("wasm"));

/** What a method predicts for the second of two batches, so that something may have been carried over. */
async function predict(id: string, given: object = {}, bank: ModelBank = whole): Promise<Float32Array> {
  const method = adaptationOf(id);
  const params = method.params.parse(given);
  const adapter = openAdapter({ method, params, bank, epochs: 1, random: createRandom("limits") });
  const images = [7, 8].map((seed) => tf.randomNormal<tf.Rank.R4>([2, 32, 32, 3], 0, 1, "float32", seed));
  await adapter.before(async (see) => {
    for (const batch of images) await see(batch);
  });
  let values = new Float32Array();
  for (const batch of images) {
    const logits = await adapter.predict(batch);
    values = Float32Array.from(await logits.data());
    logits.dispose();
  }
  tf.dispose(images);
  adapter.dispose();
  return values;
}

/** The largest distance between two predictions. */
const apart = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

/** Methods that, at rate zero, are what their pass alone is: the global model, or BN-adapt. */
const still: readonly (readonly [id: string, params: object, same: string])[] = [
  ["tent", { learningRate: 0, predicts: "after" }, "bn-adapt"],
  ["tent", { learningRate: 0, reset: "batch" }, "bn-adapt"],
  ["tent", { steps: 0 }, "bn-adapt"],
  ["memo", { learningRate: 0 }, "global"],
  ["memo", { steps: 0 }, "global"],
];

for (const [id, params, same] of still)
  test(`${id} that does not move (${JSON.stringify(params)}) predicts as ${same}`, async () => {
    const own = await predict(id, params);
    assert.ok(apart(own, await predict(same)) < 1e-5);
    assert.ok(apart(await predict(id), own) > 0, "with its defaults it moves");
  });

test("TTT without a step is the global model of its federation, and refuses one without its head", async () => {
  const bank = { ...whole, global };
  assert.ok(apart(await predict("ttt", { steps: 0 }, bank), await predict("global", {}, bank)) < 1e-5);
  assert.ok(apart(await predict("ttt", {}, bank), await predict("global", {}, bank)) > 0);
  await assert.rejects(predict("ttt", {}, whole), /needs a head that tells rotations/);
});

test("SHOT at rate zero keeps its weights: its prediction moves with the running statistics alone", async () => {
  const [still, moved] = [await predict("shot", { learningRate: 0 }), await predict("shot")];
  assert.ok(apart(still, moved) > 0);
});

test("BN-adapt is the global model where the trained statistics count for all", async () => {
  assert.ok(apart(await predict("bn-adapt", { prior: 1e12 }), await predict("global")) < 1e-3);
  assert.ok(apart(await predict("bn-adapt", { prior: 1e-9 }), await predict("bn-adapt")) < 1e-3);
});

test("of one expert every combination is that expert", async () => {
  const one = await predict("global", {}, alone);
  for (const id of ["soup", "best-expert", "greedy-soup"])
    assert.ok(apart(await predict(id, {}, alone), one) < 1e-5, id);
  const logProbabilities = (values: Float32Array) => Float32Array.from(values, (value, i) => value - values[i ^ 1]);
  assert.ok(apart(logProbabilities(await predict("ensemble", {}, alone)), logProbabilities(one)) < 1e-4);
});

test("of one expert, routing that does not move is BN-adapt", async () => {
  const one = await predict("bn-adapt", {}, alone);
  for (const id of ["uniform-routing", "static-gates"])
    assert.ok(apart(await predict(id, { learningRate: 1e-30 }, alone), one) < 1e-4, id);
  assert.ok(apart(await predict("sparse-weights", { learningRate: 0 }, alone), one) < 1e-4);
});

test("uniform gates that do not move are the soup, since a convolution is linear: only its normalisations are the global model's", async () => {
  const still = { learningRate: 1e-30 };
  const uniform = await predict("uniform-routing", still);
  assert.ok(apart(uniform, await predict("static-gates", still)) < 1e-4);
  assert.ok(apart(uniform, await predict("iop-fl", { ...still, gate: "uniform", dropout: 0 })) < 1e-3);
  // All normalisations of untrained networks are alike.
  assert.ok(apart(uniform, await predict("soup", { statistics: "batch" })) < 1e-4);
  assert.ok(apart(uniform, await predict("sparse-weights", { learningRate: 0 })) < 1e-4);
});

test("of the experts, the global model alone is adapted as itself; others and personal are banks without the rest", async () => {
  const fixed = { learningRate: 1e-30, dropout: 0 };
  for (const gate of ["softmax", "uniform"])
    assert.ok(
      apart(await predict("iop-fl", { ...fixed, gate, experts: "global" }), await predict("bn-adapt")) < 1e-4,
      gate,
    );
  // With everything that moves: the same as in a bank that has no others.
  const same = async (given: object, bank: ModelBank) =>
    assert.deepEqual(await predict("iop-fl", given), await predict("iop-fl", {}, bank), JSON.stringify(given));
  await same({ experts: "all" }, whole);
  await same({ experts: "global" }, { ...whole, personal: [] });
  await same({ experts: "others" }, { ...whole, personal: whole.personal.slice(1) });
  await same({ experts: "others", leftOut: 1 }, { ...whole, personal: whole.personal.slice(0, 1) });
  const personal = await predict("iop-fl", { ...fixed, gate: "uniform", experts: "personal" });
  const [a, b] = whole.personal;
  // All normalisations of untrained networks are alike, so that the soup of two is that of a bank of these two.
  const two = { ...whole, personal: [a], global: b };
  assert.ok(apart(personal, await predict("soup", { statistics: "batch" }, two)) < 1e-4);
});

test("a set of experts that is empty, or leaves out a client that is not there, is refused", async () => {
  await assert.rejects(predict("iop-fl", { experts: "personal" }, alone), /no client has a model to mix/);
  await assert.rejects(predict("iop-fl", { experts: "others", leftOut: 2 }), /no client 2 to leave out/);
});

test("image by image: a batch is what its images are", async () => {
  for (const id of ["memo", "dltta"]) {
    const method = adaptationOf(id);
    const params = method.params.parse({});
    const images = tf.randomNormal<tf.Rank.R4>([3, 32, 32, 3], 0, 1, "float32", 9);
    const open = () => openAdapter({ method, params, bank: whole, epochs: 1, random: createRandom("limits") });
    const [together, single] = [open(), open()];
    const want = await together.predict(images);
    const parts: tf.Tensor4D[] = [];
    for (const image of tf.split<tf.Tensor4D>(images, 3)) parts.push(await single.predict(image));
    const got = tf.concat4d(parts, 0);
    assert.deepEqual(await got.data(), await want.data(), id);
    tf.dispose([images, want, got, ...parts]);
    together.dispose();
    single.dispose();
  }
});
