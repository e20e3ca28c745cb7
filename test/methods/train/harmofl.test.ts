import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { byteLength, hashState } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import { meanAmplitudes, replaceAmplitudes } from "../../../lib/methods/parts/amplitude";
import { federateSmall, start } from "../support/small-federation";

before(() => startEngine("wasm"));

test("without its two halves it is FedAvg with uniform weights", async () => {
  const uniform = { training: { protocol: { weights: "uniform" } } } as const;
  const { global } = await federateSmall("fedavg", {}, uniform);
  assert.equal(hashState((await federateSmall("harmofl", { rho: 0, amplitude: false })).global), hashState(global));
  for (const half of [{ rho: 0 }, { amplitude: false }])
    assert.notEqual(hashState((await federateSmall("harmofl", half)).global), hashState(global), JSON.stringify(half));
});

test("published is the DC term alone, with the first batch's amplitudes", async () => {
  const published = await federateSmall("harmofl", { reading: "published" });
  const said = await federateSmall("harmofl", { reading: "intended", L: 0, momentum: 0 });
  assert.equal(hashState(published.global), hashState(said.global));
  assert.notEqual(hashState(published.global), hashState((await federateSmall("harmofl")).global));
});

test("amplitudes go up once and down once, to a client whose update was lost again", async () => {
  const [whole, amplitudes] = [byteLength(start), 4 * 3 * 16 * 16];
  const all = [0, 1];
  const cohort = (round: number) => ({ invited: all, lost: round === 2 ? [1] : [] });
  const { history } = await federateSmall("harmofl", {}, { rounds: 4, cohort });
  const both = whole + amplitudes;
  assert.deepEqual(
    history.map(({ bytesUp }) => bytesUp),
    [
      [both, both],
      [whole, 0],
      [whole, whole],
      [whole, whole],
    ],
  );
  assert.deepEqual(
    history.map(({ bytesDown }) => bytesDown),
    [
      [whole, whole],
      [both, both],
      [whole, both],
      [whole, whole],
    ],
  );
});

test("amplitudes of clients whose updates were lost in the first round are gathered by those that come after", async () => {
  const none = (round: number) => ({ invited: [0, 1], lost: round === 1 ? [0, 1] : [] });
  const { server, history } = await federateSmall("harmofl", {}, { rounds: 3, cohort: none });
  assert.equal(byteLength(server.model), byteLength(start) + 4 * 3 * 16 * 16);
  assert.deepEqual(history[1].bytesUp, Array(2).fill(byteLength(server.model)));
});

const size = [2, 12, 12, 3] as const;
const images = Float32Array.from({ length: 864 }, (_, i) => createRandom(i).normal(i % 3 === 0 ? -2 : 1));
const nearest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

test("normalised, every image has the given amplitudes: all of them, or its mean alone, with its own sign", () => {
  const amplitudes = meanAmplitudes(
    images.map((value) => 3 * value + 1),
    size,
  );
  const single = (all: Float32Array, image: number) => all.subarray(image * 432, (image + 1) * 432);
  const whole = replaceAmplitudes(images, size, amplitudes, 0.5);
  for (const image of [0, 1])
    assert.ok(nearest(meanAmplitudes(single(whole, image), [1, 12, 12, 3]), amplitudes) < 1e-4);
  assert.ok(nearest(replaceAmplitudes(whole, size, amplitudes, 0.5), whole) < 1e-5, "twice is once");
  const shifted = replaceAmplitudes(images, size, amplitudes, 0);
  for (const image of [0, 1]) {
    for (const channel of [0, 1, 2]) {
      const of = (all: Float32Array) => single(all, image).filter((_, i) => i % 3 === channel);
      const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / 144;
      const wanted = (Math.sign(mean(of(images))) * amplitudes[channel * 144]) / 144;
      assert.ok(
        nearest(
          of(shifted),
          of(images).map((value) => value - mean(of(images)) + wanted),
        ) < 1e-5,
      );
    }
  }
});
