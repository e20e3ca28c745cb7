import "../support/own-folders";
import assert from "node:assert/strict";

import { before, test } from "node:test";
import { startEngine } from "../../../lib/engine";
import { runFederationJob } from "../../../lib/lab/jobs/run-federation";
import { planJobs, type FederationJob } from "../../../lib/lab/plan/jobs";
import type { SiteData } from "../../../lib/data/set/types";
import { allValues } from "../../../lib/data/set/values";
import { recordSchema, type FederationRecord } from "../../../lib/records/schema";
import type { Experiment } from "../../../lib/records/config";
import { smallSite } from "../../federation/support/small-site";
import { smallPlan } from "../support/small-plan";

const inside = (entry: object) =>
  ({
    ...smallPlan.experiment,
    id: "inside",
    kind: "inside",
    methods: [{ params: {}, ...entry }],
  }) as unknown as Experiment;
const jobOf = (entry: object, choosing = false) =>
  planJobs({ ...smallPlan, experiment: inside(entry), choosing })[0] as FederationJob;

const sites = new Map(["A", "B", "C"].map((site) => [site, smallSite(site, { train: 3, validation: 2, test: 2 })]));
/** The same with other labels on its test cases. */
const shuffled = new Map(
  [...sites].map(([name, site]): [string, SiteData] => {
    const { test: part } = site.parts;
    const masks = allValues(part.masks).map((value) => 1 - value);
    return [name, { ...site, parts: { ...site.parts, test: { ...part, masks } } }];
  }),
);
const run = (job: FederationJob, on: ReadonlyMap<string, SiteData>) => runFederationJob(job, on, {});
const numbers = ({ rounds, scores, models, work }: FederationRecord) =>
  JSON.stringify({ rounds, scores, models, work });

before(async () => void (await startEngine("wasm")));

test("what chooses parameters gives the same bytes under other labels of test cases, which no score of it is of", async () => {
  const job = jobOf({ id: "fedavg-finetuned", params: { epochs: 1 } }, true);
  const record = await run(job, sites);
  assert.ok(record.scores.length > 0 && record.scores.every(({ part }) => part === "validation"));
  assert.equal(numbers(await run(job, shuffled)), numbers(record));
  const usual = jobOf({ id: "fedavg-finetuned", params: { epochs: 1 } });
  assert.notEqual(usual.question, job.question, "it answers no table's question");
  // Were the labels not others, the test would not tell.
  const [a, b] = [await run(usual, sites), await run(usual, shuffled)];
  assert.notEqual(numbers(a), numbers(b));
  assert.deepEqual(a.rounds, record.rounds, "and it trains alike");
});

test("models are scored elsewhere where it was asked: each client's at every other site, the global one where nobody trained", async () => {
  const local = recordSchema.parse(await run(jobOf({ id: "local-only", elsewhere: true }), sites)) as FederationRecord;
  const pairs = local.scores.flatMap(({ of, site, model }) => (of === undefined ? [] : [`${model} ${of} at ${site}`]));
  assert.deepEqual(
    pairs.sort(),
    ["A at B", "A at C", "B at A", "B at C", "C at A", "C at B"].map((pair) => `personal ${pair}`),
  );
  const left = await run(jobOf({ id: "fedavg", elsewhere: true, variant: "x", settings: { without: "B" } }), sites);
  assert.deepEqual(left.sites, ["A", "C"]);
  const outside = left.scores.filter(({ site }) => !left.sites.includes(site));
  assert.deepEqual(
    outside.map(({ site, part, model, of }) => [site, part, model, of]),
    [["B", "test", "global", undefined]],
  );
});

test("records count what the cards of methods promise: steps, forwards and backwards of all clients", async () => {
  // Three clients, three rounds, each once over its batches of two.
  const batches = 3 * 3 * Math.ceil((sites.get("A") as SiteData).parts.train.count / smallPlan.profile.training.batch);
  const expected: Readonly<Record<string, readonly [steps: number, forwards: number, backwards: number]>> = {
    fedavg: [1, 1, 1],
    ditto: [2, 2, 2],
    fedrep: [2, 2, 2],
    apfl: [2, 2, 2],
    harmofl: [1, 2, 2], // one step, behind a gradient uphill
    pfedme: [6, 5, 5], // five of theta, and one of w that asks for no gradient
    "prr-fl": [2, 4, 2], // each of two models hears the other
  };
  for (const [id, [steps, forwards, backwards]] of Object.entries(expected)) {
    const { work } = await run(jobOf({ id }), sites);
    assert.deepEqual(
      work,
      { steps: steps * batches, forwards: forwards * batches, backwards: backwards * batches },
      id,
    );
  }
});
