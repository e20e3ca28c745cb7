/** Models of the best rounds by validation: chosen as a reader of the curves would, whatever stops and resumes in between. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { byteLength, hashState } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import { bestWith } from "../../../lib/federation/round/best";
import {
  globalOf,
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
  type FederationState,
} from "../../../lib/federation/round/federation";
import { openCheckpoint } from "../../../lib/federation/store/checkpoint";
import { inMemory } from "../../../lib/federation/store/client-store";
import type { Training } from "../../../lib/methods/contract";
import { iopFl } from "../../../lib/methods/train/iop-fl";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { smallSite } from "../support/small-site";

const shape = { inChannels: 3, classes: 2, features: 2 };
const clients = ["A", "B", "C"].map((site) => smallSite(site, { train: 4, validation: 3, test: 2 }));
// A rate at which the curves go up and down.
const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.3 }, batch: 2, localEpochs: 1 } as const;
const folder = mkdtempSync(join(tmpdir(), "iopfl-best-"));
const random = createRandom("best");
const last: FederationSpec = {
  ...{ shape, clients, training, rounds: 10 },
  method: iopFl as Training,
  params: iopFl.params.parse({}),
  start: initialiseUNet(shape, random.child("weights")),
  random: random.child("batches"),
};
const chosen: FederationSpec = { ...last, training: { ...training, selection: "validation" } };

before(() => startEngine("wasm"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Hashes of the models that a federation leaves behind, the global one last. */
const left = (spec: FederationSpec, state: FederationState) =>
  [...clients.map((_, client) => predictorOf(spec, state, client)), globalOf(state)].map(hashState);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const firstOfHighest = (values: readonly number[]) => values.indexOf(Math.max(...values));

test("each client's model and the global one are of the round that validates best; training itself is the same", async () => {
  const seen: string[][] = [];
  const plain = await runFederation(last, startFederation(last), {
    onRound: (state) => void seen.push(left(last, state)),
  });
  const best = await runFederation(chosen, startFederation(chosen));
  assert.deepEqual(best.history, plain.history);
  const curves = [
    ...clients.map((_, client) => plain.history.map(({ personalDice }) => personalDice[client])),
    plain.history.map(({ globalDice }) => mean(globalDice)),
  ];
  const rounds = curves.map(firstOfHighest);
  assert.ok(new Set(rounds).size > 1 && rounds.some((round) => round < 9), `a test needs other rounds than ${rounds}`);
  assert.deepEqual(
    left(chosen, best),
    rounds.map((round, model) => seen[round][model]),
  );
});

for (const [where, memory] of [
  ["in memory", undefined],
  ["on the disk", byteLength(last.start)],
] as const)
  test(`stopped behind every round, with the states ${where}, it leaves the same`, async () => {
    const whole = await runFederation(chosen, startFederation(chosen));
    const path = join(folder, `${where}.safetensors`);
    let reached: FederationState | undefined;
    for (let round = 1; round <= chosen.rounds; round++) {
      const checkpoint = openCheckpoint(path, memory);
      const spec = { ...chosen, rounds: round, store: checkpoint.store };
      reached = await runFederation(spec, checkpoint.load(assert.fail)?.state ?? startFederation(spec), {
        onRound: (state) => checkpoint.save(state),
      });
    }
    const again = openCheckpoint(path, memory).load(assert.fail);
    for (const state of [reached, again?.state]) {
      assert.ok(state);
      assert.deepEqual(left(chosen, state), left(chosen, whole));
      assert.deepEqual(
        [...(state.best?.personal ?? []), state.best?.global].map((held) => held?.round),
        [...(whole.best?.personal ?? []), whole.best?.global].map((held) => held?.round),
      );
    }
  });

test("the first of equal rounds stays", () => {
  const at = (round: number, dice: number) => ({ round, personalDice: [dice], globalDice: [dice] });
  const models = { global: last.start, personal: () => last.start };
  const first = bestWith(undefined, at(1, 0.5), models, inMemory);
  assert.equal(bestWith(first, at(2, 0.5), models, inMemory).global.round, 1);
  const second = bestWith(first, { ...at(2, 0.4), globalDice: [0.6] }, models, inMemory);
  assert.deepEqual([second.personal[0].round, second.global.round], [1, 2]);
});
