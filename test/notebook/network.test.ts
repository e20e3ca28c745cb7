import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import type { SliceSet } from "../../lib/data/set/types";
import { assertSpec } from "../../lib/notebook/check-spec";
import { network } from "../../lib/notebook/network";
import { blockRows, drawNetwork } from "../../lib/notebook/network-drawing";

/** Six slices of a bright square on noise. */
function squares(side: number): SliceSet {
  const count = 6;
  const inside = (i: number) => Math.abs((i % side) - side / 2) < 6 && Math.abs(Math.floor(i / side) - side / 2) < 6;
  const plane = (slice: number) =>
    Array.from({ length: side * side }, (_, i) => Math.sin(i * (slice + 1)) / 2 + (inside(i) ? 1 : 0));
  return {
    site: "S",
    count,
    height: side,
    width: side,
    channels: 3,
    planes: Float32Array.from(Array.from({ length: count }, (_, slice) => plane(slice)).flat()),
    stack: Int32Array.from({ length: 3 * count }, (_, i) => Math.floor(i / 3)),
    masks: Uint8Array.from({ length: count * side * side }, (_, i) => Number(inside(i % (side * side)))),
    cases: [{ id: "C", first: 0, count, spacing: [3, 1, 1] }],
  };
}

test("by hand: gradients are those of difference quotients, a step falls along them, and no tensor stays", async () => {
  const net = await network("prostate", { profile: "tiny", engine: "wasm" });
  const before = tf.memory().numTensors;
  const batch = net.batch(squares(net.side), { size: 4, seed: 1 });
  const start = net.init(0);
  const { entries, values } = net.gradient(start, batch);
  assert.equal(
    values.length,
    net.blocks.reduce((sum, { trained }) => sum + trained, 0),
  );

  // Along the gradient itself the loss changes by its squared length: one quotient that every entry has a part in.
  const trained = net.model.layout.filter(({ role }) => ["kernel", "bias", "scale", "offset"].includes(role));
  const moved = (by: number) => {
    const weights = start.values.slice();
    let position = 0;
    for (const { offset, size } of trained)
      for (let i = 0; i < size; i++) weights[offset + i] += by * values[position++];
    return net.loss({ layout: start.layout, values: weights }, batch);
  };
  const square = values.reduce((sum, value) => sum + value * value, 0);
  const quotient = (moved(0.0005) - moved(-0.0005)) / 0.001;
  assert.ok(Math.abs(quotient - square) < 0.02 * square, `${quotient} against ${square}`);
  const rms = Object.fromEntries(entries.map(({ entry, gradient }) => [entry, gradient]));
  const [first] = trained;
  const own = values.subarray(0, first.size).reduce((sum, value) => sum + value * value, 0);
  assert.ok(Math.abs(rms[first.name] - Math.sqrt(own / first.size)) < 1e-9);

  const slot = net.open(start);
  const [{ total }] = await slot.step({ batch });
  assert.ok(Math.abs(total - net.loss(start, batch)) < 1e-6, "the same loss, by the program that trains");
  for (let step = 0; step < 10; step++) await slot.step({ batch });
  assert.ok(net.loss(await slot.state(), batch) < total);
  slot.dispose();
  assert.ok("image/png" in net.maps(start, batch).data);
  tf.dispose(batch);
  assert.equal(tf.memory().numTensors, before);
});

test("the drawing has a bar for each block, and is a figure that vega-lite understands", () => {
  const rows = blockRows({ inChannels: 3, classes: 2, features: 32 }, 384);
  assert.deepEqual(
    rows.map(({ side, channels }) => `${side}/${channels}`),
    "384/32 192/64 96/128 48/256 24/512 48/256 48/256 96/128 96/128 192/64 192/64 384/32 384/32 384/2".split(" "),
  );
  assert.equal(
    rows.reduce((sum, { trained }) => sum + trained, 0),
    trainedOfOfficial,
  );
  assertSpec(drawNetwork(rows));
});

/**
 * By hand: a block of two 3x3 convolutions a -> b has 9ab + 9bb weights and 4b of its normalisations, an up-convolution a -> b 4ab + b, the
 * last convolution 2 x 32 + 2.
 */
const block = (a: number, b: number) => 9 * a * b + 9 * b * b + 4 * b;
const up = (a: number, b: number) => 4 * a * b + b;
const trainedOfOfficial =
  [block(3, 32), block(32, 64), block(64, 128), block(128, 256), block(256, 512)].reduce((a, b) => a + b) +
  [block(512, 256), block(256, 128), block(128, 64), block(64, 32)].reduce((a, b) => a + b) +
  [up(512, 256), up(256, 128), up(128, 64), up(64, 32)].reduce((a, b) => a + b) +
  66;
