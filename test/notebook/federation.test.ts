import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { federation, weightsOf } from "../../lib/notebook/federation";

test("two rounds by hand are those of the program that runs experiments, to the bit", async () => {
  const tiny = { profile: "tiny", engine: "wasm" } as const;
  const fed = await federation("prostate", tiny);
  const before = tf.memory().numTensors;
  assert.ok(Math.abs(fed.clients.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
  let common = fed.start;
  for (const round of [1, 2]) {
    const models = [];
    for (const client of fed.clients.keys()) models.push((await fed.train(client, common, round)).model);
    common = fed.average(models);
  }
  const seen: number[] = [];
  const state = await fed.run(2, ({ history }) => seen.push(history.length));
  assert.deepEqual(seen, [1, 2]);
  assert.equal(weightsOf.hash(common), weightsOf.hash(state.server.model));
  assert.equal(weightsOf.hash(fed.predictor(state, 0)), weightsOf.hash(common));
  assert.equal(await fed.score(common, 1), state.history[1].globalDice[1]);
  assert.equal(state.history[0].bytesUp[0], weightsOf.bytes(common));
  assert.equal(tf.memory().numTensors, before);

  const other = await federation("prostate", { ...tiny, seed: 1 });
  assert.notEqual(weightsOf.hash(other.start), weightsOf.hash(fed.start));
  const alone = await federation("prostate", { ...tiny, method: "local-only" });
  await assert.rejects(alone.train(0, alone.start, 1), /local-only keeps or sends more than one model/);
});
