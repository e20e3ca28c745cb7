import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { distance, hashState } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import { trainings } from "../../../lib/methods/registry";
import { federateSmall, start } from "../support/small-federation";

before(() => startEngine("wasm"));

const federate = (id: string, given: Record<string, number> = {}, rounds = 2) => federateSmall(id, given, { rounds });

/**
 * Losses stay below that of soft Dice, and of the cross-entropy of a head where there is one: of 31 orders, of 4 rotations, as drawn; of
 * FedDG's contrast of two images, whose cosines lie at most 2 apart.
 */
const highest: Readonly<Record<string, number>> = {
  jigen: 1 + 2 * Math.log(31),
  ttt: 1 + 2 * Math.log(4),
  feddg: 2 + 0.1 * (2 / 0.05 + Math.log(1 + 4)),
};

test("every method runs, counts its batches to the end, and leaves no tensors behind", async () => {
  for (const { id } of trainings) {
    const tensors = tf.memory().numTensors;
    const { progress, history } = await federate(id);
    assert.equal(tf.memory().numTensors, tensors, id);
    const [done, total] = progress[progress.length - 1];
    assert.equal(done, total, `${id} did ${done} of ${total} batches`);
    assert.ok(
      history.every(({ loss }) => loss.every((value) => value === null || (value > 0 && value < (highest[id] ?? 1)))),
      id,
    );
  }
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
