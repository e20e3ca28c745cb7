import assert from "node:assert/strict";
import { before, test } from "node:test";
import { hashState, overlay } from "../../../lib/core/state";
import { not, where, type Where } from "../../../lib/core/where";
import { joinSets } from "../../../lib/data/set/slice-sets";
import { startEngine } from "../../../lib/engine";
import type { Training } from "../../../lib/methods/contract";
import { keeping } from "../../../lib/methods/parts/keeping";
import { trainingOf, trainings } from "../../../lib/methods/registry";
import { bytesOf, differing, federateSmall, sites, start } from "../support/small-federation";

before(() => startEngine("wasm"));

const everything = where.everything;
const nothing = not(everything);
const decoder: Where = ({ block }) => /^(upconv|decoder|head)/.test(block);
const normalisation: Where = ({ role }) => /scale|offset|mean|variance|counter/.test(role);
const statistic: Where = ({ role }) => /mean|variance|counter/.test(role);
const head: Where = ({ block }) => block === "head";

/** What each method exchanges of the model in every round; the others exchange all of it. */
const exchanged: Readonly<Record<string, Where>> = {
  "local-only": nothing,
  centralised: nothing,
  fedbn: not(normalisation),
  silobn: not(statistic),
  fedper: not(head),
  fedrep: not(head),
  fedbabu: not(head),
  "lg-fedavg": decoder,
  fedamp: not(statistic),
  "prr-fl": ({ role }) => role === "kernel" || role === "bias",
};

/** What travels up beside the model in the first round: amplitudes of three channels of 16 x 16 pixels, in FedDG of one image in eight. */
const beside: Readonly<Record<string, number>> = { harmofl: 4 * 3 * 16 * 16, feddg: 4 * 3 * 16 * 16 };

/** What travels down beside it: FedDG's server asks for spectra by a number. */
const asked: Readonly<Record<string, number>> = { feddg: 4 };

/** Heads that travel both ways, on the 32 features of the bottleneck: of 31 orders, of 4 rotations; weights and biases. */
const heads: Readonly<Record<string, number>> = { jigen: 4 * 31 * (32 + 1), ttt: 4 * 4 * (32 + 1) };

test("only what is shared is counted as sent and received", async () => {
  for (const { id } of trainings) {
    const [{ bytesUp, bytesDown }] = (await federateSmall(id, {}, { rounds: 1 })).history;
    const want = bytesOf(exchanged[id] ?? everything) + (heads[id] ?? 0);
    const more = want + (beside[id] ?? 0);
    const down = want + (asked[id] ?? 0);
    assert.deepEqual([...bytesUp, ...bytesDown], [more, more, down, down], id);
  }
});

for (const [id, own] of [
  ["fedbn", normalisation],
  ["silobn", statistic],
  ["fedper", head],
  ["fedrep", head],
  ["lg-fedavg", not(decoder)],
] as const) {
  test(`${id}: clients differ in what stays at home and in nothing else, and the server never sees it`, async () => {
    const { personal, global } = await federateSmall(id);
    const [one, other] = personal;
    const names = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);
    // A counter of two epochs of as many batches is the same number.
    const kept = start.layout.filter((entry) => own(entry) && entry.role !== "counter");
    assert.deepEqual(names(differing(one, other).filter(({ role }) => role !== "counter")), names(kept));
    assert.deepEqual(names(differing(global, start).filter(own)), []);
  });
}

test("what keeps nothing is FedAvg, what keeps everything trains alone", async () => {
  const hashes = async (method: string | Training) => (await federateSmall(method)).personal.map(hashState);
  const fedavg = trainingOf("fedavg");
  assert.deepEqual(await hashes(keeping(fedavg, nothing)), await hashes("fedavg"));
  assert.deepEqual(await hashes(keeping(fedavg, everything)), await hashes("local-only"));
});

test("SiloBN trains FedAvg's weights to the last bit: statistics alone predict otherwise", async () => {
  const { global } = await federateSmall("fedavg");
  const { personal } = await federateSmall("silobn");
  for (const own of personal) {
    assert.equal(hashState(overlay(own, global, where.statistic)), hashState(global));
    assert.ok(differing(own, global).some(where.running));
  }
});

test("training in one place is training alone of one client that has all slices", async () => {
  const train = joinSets(
    "pool",
    sites.map(({ parts }) => parts.train),
  );
  const pool = { site: "pool", parts: { ...sites[0].parts, train } };
  const alone = await federateSmall("local-only", {}, { clients: [pool] });
  const { personal, history } = await federateSmall("centralised");
  assert.deepEqual(personal.map(hashState), [alone.personal[0], alone.personal[0]].map(hashState));
  assert.deepEqual(history[1].loss, [alone.history[1].loss[0], null]);
});
