import assert from "node:assert";
import { test } from "node:test";
import { federationSeconds, outsideSeconds, sizeUp, type UnitCosts } from "../../lib/bench/sizing";
import { readSizing, type SizingConfig } from "../../lib/bench/sizing-config";
import { readProfile, type Profile } from "../../lib/records/config";
import { createRandom } from "../../lib/core/random";
import { startEngine } from "../../lib/engine";
import { runFederation, startFederation, type FederationSpec } from "../../lib/federation/round/federation";
import { trainingOf, trainings } from "../../lib/methods/registry";
import { initialiseUNet } from "../../lib/nets/model/initialise";
import { smallSite } from "../federation/support/small-site";

const units: UnitCosts = {
  step: 10,
  smallStep: 7,
  routing: 100,
  predict: 1,
  validate: 2,
  evaluate: 3,
  overhead: 1.5,
  contention: 1.25,
};
const profile = {
  training: { rounds: 4, batch: 8, localEpochs: 2 },
  adaptation: { batch: 5, epochs: 3 },
  seeds: [0, 1],
} as unknown as Profile;
const counts = { A: { train: 17, validation: 4, test: 5 }, B: { train: 8, validation: 2, test: 3 } };

test("a federation costs its steps, its validation and its final scores", () => {
  // Batches 3 + 1, twice over, 2 steps of 10 s: 160; validation (4 + 2) x 2 models x 2 s: 24; 4 rounds x 184 x 1.5 = 1104; scores 14 x 2 x 3 = 84.
  assert.strictEqual(federationSeconds({ steps: 2, models: 2 }, profile, counts, ["A", "B"], units), 1188);
  assert.strictEqual(
    federationSeconds({ steps: 1, models: 1 }, profile, counts, ["B"], units),
    4 * (20 + 4) * 1.5 + 15,
  );
});

test("a test-time method costs its passes and their scores, and its own federation if it has one", () => {
  const method = { id: "m", steps: 1, routing: 2, predictions: 3, epochs: "profile" } as const;
  // B: 13 slices in 3 batches. A pass: 3 x (7 + 200) + 13 x (3 + 3 - 1) = 686; three passes.
  assert.strictEqual(outsideSeconds(method, profile, counts, "B", ["A"], units), 3 * 686);
  const own = federationSeconds({ steps: 2, models: 1 }, profile, counts, ["A"], units);
  assert.strictEqual(
    outsideSeconds({ ...method, epochs: "once", federation: 2 }, profile, counts, "B", ["A"], units),
    own + 686,
  );
});

test("all of it: seeds, held-out sites, runs of ablations, cores and their contention", () => {
  const config: SizingConfig = {
    purpose: "a test",
    profile: "none",
    hours: 1,
    cores: 2,
    tasks: ["t"],
    repetitions: 1,
    inside: [{ id: "i", steps: 1, models: 1 }],
    federation: { id: "f", steps: 1, models: 1 },
    outside: [{ id: "o", steps: 0, routing: 1, predictions: 0, epochs: "once" }],
    ablations: {
      task: "t",
      inside: [{ id: "ai", runs: 3, steps: 1, models: 1 }],
      outside: [{ id: "ao", runs: 2, steps: 0, routing: 1, predictions: 0, epochs: "once" }],
    },
  };
  const { rows, coreHours, hours } = sizeUp(config, profile, { t: counts }, units);
  const fed = (sites: string[]) => federationSeconds({ steps: 1, models: 1 }, profile, counts, sites, units);
  const out = (site: string) => outsideSeconds(config.outside[0], profile, counts, site, [], units);
  const wanted = [
    2 * fed(["A", "B"]),
    2 * (fed(["A"]) + fed(["B"])),
    2 * (out("A") + out("B")),
    6 * fed(["A", "B"]),
    4 * (out("A") + out("B")),
  ];
  assert.deepStrictEqual(
    rows.map((row) => Math.round(3600 * row.hours)),
    wanted.map(Math.round),
  );
  assert.deepStrictEqual(
    rows.map(({ jobs }) => jobs),
    [2, 4, 4, 6, 8],
  );
  assert.ok(Math.abs(hours - (coreHours * 1.25) / 2) < 1e-12);
});

test("the list is the one that was promised, and agrees with the methods that exist", async () => {
  const { inside, outside, profile: id } = readSizing();
  assert.deepStrictEqual([inside.length, outside.length], [20, 22]);
  assert.strictEqual(
    new Set([...inside, ...outside.map(({ id: name }) => ({ id: `outside ${name}` }))].map(({ id: name }) => name))
      .size,
    42,
  );
  assert.ok(readProfile(id).seeds.length >= 3);
  const known = trainings.flatMap(({ id }) => inside.filter(({ id: name }) => name === id));
  assert.ok(known.length >= 8);
  await startEngine("wasm");
  for (const { id: name, steps } of known) {
    const passes = await passesOf(name);
    assert.ok(steps >= passes, `${name} passes ${passes} times over each batch, not ${steps}`);
  }
});

/** How many gradients a method asks for on each batch. */
async function passesOf(id: string): Promise<number> {
  const method = trainingOf(id);
  const site = smallSite("A", { train: 4, validation: 1, test: 1 });
  const shape = { inChannels: 3, classes: 2, features: 2 };
  let passes = 0;
  const spec: FederationSpec = {
    shape,
    method,
    params: method.params.parse({}),
    clients: [site],
    training: { optimiser: { kind: "sgd", learningRate: 0.01 }, batch: 2, localEpochs: 1 },
    rounds: 1,
    start: initialiseUNet(shape, createRandom("sizing")),
    random: createRandom("sizing"),
    observe: (_client, _round, losses) => (passes += losses.length),
  };
  const rounds = { ...method, client: { ...method.client, finish: undefined } };
  await runFederation({ ...spec, method: rounds }, startFederation(spec));
  return passes / 2;
}
