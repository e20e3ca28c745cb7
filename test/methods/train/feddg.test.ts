import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { createLayout } from "../../../lib/core/layout";
import { byteLength, hashState, type State } from "../../../lib/core/state";
import { where } from "../../../lib/core/where";
import { startEngine } from "../../../lib/engine";
import { averaging } from "../../../lib/methods/parts/averaging";
import { meanAmplitudes } from "../../../lib/methods/parts/amplitude";
import { alternating, collectingSpectra, foreignLook } from "../../../lib/methods/parts/spectra";
import { federateSmall, start } from "../support/small-federation";

before(() => startEngine("wasm"));

const hashAfter = async (given: object, rounds = 2) =>
  hashState((await federateSmall("feddg", given, { rounds })).global);

test("its halves count: the contrast, the look of others, the step in the middle", async () => {
  const whole = await hashAfter({});
  for (const given of [{ weight: 0 }, { inner: 0 }, { L: 0 }, { every: 1 }])
    assert.notEqual(await hashAfter(given), whole, JSON.stringify(given));
  // Untrained networks of two features have small gradients: what clips none of them changes nothing.
  assert.equal(await hashAfter({ clip: 1e6 }), whole);
  assert.notEqual(await hashAfter({ clip: 1e-6 }), whole);
});

test("without a step and a contrast its gradient is FedAvg's twice, while nobody knows another's look", async () => {
  const of = async (id: string, given: object, learningRate: number) => {
    const optimiser = { kind: "sgd", learningRate } as const;
    return (await federateSmall(id, given, { rounds: 1, training: { optimiser } })).global.values;
  };
  const [episodes, fedavg] = [await of("feddg", { inner: 0, weight: 0 }, 0.1), await of("fedavg", {}, 0.2)];
  const apart = start.layout
    .filter(where.trained)
    .flatMap(({ offset, size }) =>
      Array.from(episodes.subarray(offset, offset + size), (v, i) => v - fedavg[offset + i]),
    );
  assert.ok(Math.max(...apart.map(Math.abs)) < 1e-5, `up to ${Math.max(...apart.map(Math.abs))}`);
});

test("published is the DC term alone, replaced", async () => {
  assert.notEqual(await hashAfter({ reading: "published" }), await hashAfter({}));
  const sent = [1, 2, 3].map((value): { sent: Record<string, State>; client: number; weight: number } => ({
    client: value,
    weight: value,
    sent: { model: { layout, values: Float32Array.from([value]) } },
  }));
  const { model } = averaging.percents({ server: { model: sent[0].sent.model }, updates: sent });
  assert.ok(Math.abs(model.values[0] - (0.17 * 1 + 0.33 * 2 + 0.5 * 3)) < 1e-6);
});

const layout = createLayout([{ name: "value", shape: [1], role: "kernel", block: "head" }]);

test("spectra go up once, and down once to each other client, to one whose update was lost again", async () => {
  const whole = byteLength(start);
  const one = 4 * 3 * 16 * 16;
  const cohort = (round: number) => ({ invited: [0, 1], lost: round === 2 ? [1] : [] });
  const { history } = await federateSmall("feddg", {}, { rounds: 4, cohort });
  const [first, lost, later, last] = history.map(({ bytesUp, bytesDown }) => ({ up: bytesUp, down: bytesDown }));
  // A number asks for them.
  assert.deepEqual(first, { up: [whole + one, whole + one], down: [whole + 4, whole + 4] });
  assert.deepEqual(lost, { up: [whole, 0], down: [whole + one, whole + one] });
  assert.deepEqual(later, { up: [whole, whole], down: [whole, whole + one] });
  assert.deepEqual(last, { up: [whole, whole], down: [whole, whole] });
});

test("spectra that were lost in the first round are asked for again", async () => {
  const none = (round: number) => ({ invited: [0, 1], lost: round === 1 ? [0, 1] : [] });
  const { history, server } = await federateSmall("feddg", {}, { rounds: 3, cohort: none });
  assert.deepEqual(history[1].bytesUp, Array(2).fill(byteLength(start) + 4 * 3 * 16 * 16));
  assert.ok("client 0" in server && "client 1" in server);
});

const size = [4, 12, 12, 2] as const;
const images = Float32Array.from({ length: 4 * 288 }, (_, i) => createRandom(i).normal(1, 2));

test("one image in so many gives its amplitudes, and lenses take turns", () => {
  const gathering = collectingSpectra(3);
  const lens = alternating(gathering.see, (seen) => seen.map((value) => 2 * value));
  assert.equal(lens(images, size), images);
  assert.equal(lens(images, size)[5], 2 * images[5]);
  const { values, layout: found } = gathering.spectra();
  assert.deepEqual(found[0].shape, [2, 2, 12, 12]);
  assert.deepEqual(values.subarray(288), Float32Array.from(meanAmplitudes(images.subarray(3 * 288), [1, 12, 12, 2])));
});

test("a foreign look is one client's amplitudes, in a share of its own for every image, whatever the clients' order", () => {
  const spectra = [3, 5].map((factor): State => {
    const gathering = collectingSpectra(1);
    gathering.see(
      images.map((value) => factor * value),
      size,
    );
    return gathering.spectra();
  });
  const look = (of: readonly State[], own?: number) => foreignLook(of, createRandom("look"), 0.5, own)(images, size);
  assert.equal(look([]), images);
  assert.deepEqual(look(spectra), look([...spectra].reverse()));
  assert.ok(look(spectra, 1).every((value, i) => Math.abs(value - images[i]) < 1e-4));
  const drawn = look(spectra.slice(0, 1), 0);
  for (const image of [0, 1, 2, 3]) {
    const own = meanAmplitudes(drawn.subarray(image * 288, (image + 1) * 288), [1, 12, 12, 2]);
    const matches = [0, 1, 2, 3].filter((other) => {
      const known = spectra[0].values.subarray(other * 288, (other + 1) * 288);
      return own.every((value, i) => Math.abs(value - known[i]) < 1e-2);
    });
    assert.equal(matches.length, 1, `image ${image} has the amplitudes of ${matches.length} images`);
  }
});
