import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { hashState, weightedMean } from "../../../lib/core/state";
import { startEngine } from "../../../lib/engine";
import { ownExecutor } from "../../../lib/federation/client/client-work";
import { runFederation, startFederation, type FederationSpec } from "../../../lib/federation/round/federation";
import { drawCohort, epochsOf, weightOf, type Protocol } from "../../../lib/federation/round/protocol";
import { openCheckpoint } from "../../../lib/federation/store/checkpoint";
import { trainingOf } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { smallSite } from "../support/small-site";

const shape = { inChannels: 3, classes: 2, features: 2 };
const clients = ["A", "B", "C", "D"].map((name, index) =>
  smallSite(name, { train: 2 + index, validation: 2, test: 2 }),
);
const sites = clients.map(({ site }) => site);
const folder = mkdtempSync(join(tmpdir(), "iopfl-protocol-"));

before(() => startEngine("wasm"));
after(() => rmSync(folder, { recursive: true, force: true }));

function specOf(id: string, protocol: Protocol, rounds = 3): FederationSpec {
  const method = trainingOf(id);
  const random = createRandom("protocol");
  return {
    shape,
    method,
    params: method.params.parse({}),
    clients,
    training: { optimiser: { kind: "sgd", learningRate: 0.1 }, batch: 2, localEpochs: 1, protocol },
    rounds,
    start: initialiseUNet(shape, random.child("weights")),
    random: random.child("batches"),
  };
}
const run = (spec: FederationSpec) => runFederation(spec, startFederation(spec));
const tracesOf = ({ server, clients: kept, history }: Awaited<ReturnType<typeof run>>) => ({
  server: Object.values(server).map(hashState),
  kept: kept.map((each) => Object.values(each.read()).map(hashState)),
  history,
});

test("a share of the clients is invited, at least one, each as often as the others, whatever their order", () => {
  const rounds = Array.from({ length: 3000 }, (_, round) => createRandom("lots").child(round));
  for (const [fraction, count] of [
    [1, 4],
    [0.5, 2],
    [0.6, 2],
    [0.01, 1],
  ]) {
    const often = [0, 0, 0, 0];
    for (const random of rounds) {
      const { invited, lost } = drawCohort({ fraction }, sites, random);
      assert.deepEqual([invited.length, new Set(invited).size, lost.length], [count, count, 0]);
      for (const client of invited) often[client]++;
    }
    // Within five standard deviations of a binomial count.
    const [mean, share] = [(3000 * count) / 4, count / 4];
    for (const times of often) assert.ok(Math.abs(times - mean) <= 5 * Math.sqrt(mean * (1 - share)), String(often));
  }
  const named = (order: readonly string[]) =>
    drawCohort({ fraction: 0.5, dropped: 0.5 }, order, rounds[7])
      .invited.map((client) => order[client])
      .sort();
  assert.deepEqual(named([...sites].reverse()), named(sites));
});

test("updates are lost as often as the protocol says, of invited clients alone", () => {
  let lostOften = 0;
  for (let round = 0; round < 3000; round++) {
    const { invited, lost } = drawCohort({ fraction: 0.5, dropped: 0.25 }, sites, createRandom("coins").child(round));
    assert.ok(lost.every((client) => invited.includes(client)));
    lostOften += lost.length;
  }
  assert.ok(Math.abs(lostOften - 1500) <= 5 * Math.sqrt(6000 * 0.25 * 0.75), String(lostOften));
});

test("what the protocol leaves out is everybody, everyone's epochs, and weights by slices", () => {
  assert.deepEqual(drawCohort({}, sites, createRandom(1)), { invited: [0, 1, 2, 3], lost: [] });
  assert.deepEqual([epochsOf({}, "A", 3), epochsOf({ epochs: { A: 2 } }, "A", 3), weightOf({}, 7)], [3, 2, 7]);
  assert.equal(epochsOf({ epochs: {} }, "constructor", 3), 3);
  assert.equal(weightOf({ weights: "uniform" }, 7), 1);
});

test("a protocol that asks nothing gives FedAvg's bytes", async () => {
  const asked = { fraction: 1, dropped: 0, epochs: { A: 1, B: 1 }, weights: "slices" } as const;
  assert.deepEqual(tracesOf(await run(specOf("fedavg", asked))), tracesOf(await run(specOf("fedavg", {}))));
});

test("who is not invited neither trains nor is sent anything, and keeps what it had", async () => {
  const spec = specOf("local-only", { fraction: 0.5 }, 1);
  const { invited } = drawCohort({ fraction: 0.5 }, sites, spec.random.child("cohort").child(1));
  const { clients: kept, history } = await run(spec);
  kept.forEach((each, client) => {
    const same = hashState(each.read().own) === hashState(spec.start);
    assert.deepEqual([same, history[0].loss[client] === null], Array(2).fill(!invited.includes(client)));
  });
  const fedavg = (await run(specOf("fedavg", { fraction: 0.5 }, 1))).history[0];
  const whole = 4 * spec.start.values.length;
  for (const bytes of [fedavg.bytesUp, fedavg.bytesDown])
    assert.deepEqual(
      bytes,
      sites.map((_, client) => (invited.includes(client) ? whole : 0)),
    );
});

test("a lost update is not averaged, though its client trained and kept; when all are lost, the server stays", async () => {
  const spec = specOf("fedavg-local", { weights: "uniform" }, 1);
  const lost = [1, 3];
  const { server, clients: kept, history } = await run({ ...spec, cohort: () => ({ invited: [0, 1, 2, 3], lost }) });
  const models = kept.map((each) => each.read().personal);
  assert.equal(new Set(models.map(hashState)).size, 4);
  assert.equal(hashState(server.model), hashState(weightedMean([models[0], models[2]], [1, 1])));
  const whole = 4 * spec.start.values.length;
  assert.deepEqual([history[0].bytesUp, history[0].bytesDown], [[whole, 0, whole, 0], Array(4).fill(whole)]);
  const none = await run({ ...spec, cohort: () => ({ invited: [0, 1, 2, 3], lost: [0, 1, 2, 3] }) });
  assert.equal(hashState(none.server.model), hashState(spec.start));
});

test("a site trains as many epochs as the protocol gives it", async () => {
  const { clients: kept } = await run(specOf("fedavg-local", { epochs: { A: 3, D: 2 } }, 1));
  const counters = kept.map((each) => {
    const { layout, values } = each.read().personal;
    return values[(layout.find(({ role }) => role === "counter") as { offset: number }).offset];
  });
  assert.deepEqual(counters, [3 * 1, 2, 2, 2 * 3]); // of two, three, four and five slices, two a batch
});

const everything: Protocol = { fraction: 0.75, dropped: 0.3, epochs: { B: 2 }, weights: "uniform" };
for (const id of ["iop-fl", "fedbn", "fedamp", "pfedme"]) {
  test(`${id} under all of it: the same bytes again, with a helper, and killed and resumed`, async () => {
    const spec = specOf(id, everything);
    const whole = tracesOf(await run(spec));
    assert.ok(
      whole.history.some(({ bytesDown }) => bytesDown.includes(0)),
      "everybody was invited",
    );
    assert.ok(whole.history.some(({ bytesUp, bytesDown }) => bytesUp.some((up, c) => up === 0 && bytesDown[c] > 0)));
    const other = ownExecutor(spec);
    const shared = await runFederation(spec, startFederation(spec), { helpers: () => [other] });
    assert.deepEqual(tracesOf(shared), whole);
    const path = join(folder, `${id}.safetensors`);
    for (const rounds of [1, 2, 3]) {
      const checkpoint = openCheckpoint(path, 0);
      const part = { ...spec, rounds, store: checkpoint.store };
      const state = await runFederation(part, checkpoint.load(assert.fail)?.state ?? startFederation(part), {
        onRound: (each) => checkpoint.save(each),
      });
      if (rounds === 3) assert.deepEqual(tracesOf(state), whole);
    }
  });
}
