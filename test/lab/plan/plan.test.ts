import "../support/own-folders";
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import type { Experiment, Profile } from "../../../lib/records/config";
import { planJobs, type Job, type PlanInput } from "../../../lib/lab/plan/jobs";
import { smallPlan } from "../support/small-plan";

const outside = (methods: readonly object[], federation: object = { id: "iop-fl", params: {} }) =>
  ({ ...smallPlan.experiment, federation, methods }) as unknown as Experiment;
const inside = (methods: readonly object[]) =>
  ({ ...smallPlan.experiment, id: "inside", kind: "inside", federation: undefined, methods }) as unknown as Experiment;
const plan = (change: Partial<PlanInput> = {}) => planJobs({ ...smallPlan, ...change });
const ids = (jobs: readonly Job[]) => Object.fromEntries(jobs.map(({ name, id }) => [name, id]));

/** Names of the jobs that have another id after a change. */
function rerun(change: Partial<PlanInput>, before: Partial<PlanInput> = {}): string[] {
  const [old, now] = [ids(plan(before)), ids(plan(change))];
  return Object.keys(now).filter((name) => now[name] !== old[name]);
}

const methods = [
  { id: "global", params: {} },
  { id: "iop-fl", params: {} },
];
const profile = (change: (copy: Profile) => unknown): Profile => {
  const copy = structuredClone(smallPlan.profile) as Profile;
  change(copy);
  return copy;
};

test("a plan is the same each time and in whatever order a configuration is written; federations come before what needs them", () => {
  const backwards = JSON.parse(JSON.stringify(smallPlan.profile), (_, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  ) as Profile;
  assert.deepEqual(ids(plan({ profile: backwards })), ids(plan()));
  const jobs = plan({ experiment: outside(methods) });
  jobs.forEach((job, place) =>
    assert.ok(job.kind === "federation" || jobs.findIndex(({ id }) => id === job.federation.id) < place),
  );
});

test("methods of one held-out site and seed start from one federation", () => {
  const jobs = plan({
    experiment: outside(methods),
    profile: profile((copy) => Object.assign(copy, { seeds: [0, 1] })),
  });
  const federations = jobs.filter(({ kind }) => kind === "federation");
  assert.equal(federations.length, 3 * 2);
  assert.equal(jobs.length, 3 * 2 * (1 + methods.length));
  assert.equal(new Set(jobs.map(({ id }) => id)).size, jobs.length);
  for (const job of jobs) if (job.kind === "adaptation") assert.ok(!job.federation.sites.includes(job.heldOut));
});

test("federations of another experiment are its own jobs, to the id, and lie among its records", () => {
  const own = plan({ experiment: outside(methods) });
  const audit = { ...outside(methods), id: "audit", federationsOf: "outside" } as unknown as Experiment;
  const shared = plan({ experiment: audit });
  const federations = (jobs: readonly Job[]) => jobs.filter(({ kind }) => kind === "federation");
  assert.deepEqual(federations(shared), federations(own));
  const places = shared.filter(({ kind }) => kind === "adaptation").map(({ experiment }) => experiment);
  assert.deepEqual([...new Set(places)], ["audit"]);
});

test("a changed parameter runs again what depends on it and nothing else", () => {
  const experiment = outside(methods);
  const all = Object.keys(ids(plan({ experiment })));
  const adaptations = all.filter((name) => !name.startsWith("federation"));
  assert.deepEqual(
    rerun({ experiment: outside([methods[0], { id: "iop-fl", params: { sigma: 0.3 } }]) }, { experiment }),
    ["A", "B", "C"].map((site) => `iop-fl.sigma=0.3.${site}.seed0`),
  );
  assert.deepEqual(
    rerun({ experiment, profile: profile((copy) => (copy.adaptation.epochs = 5)) }, { experiment }),
    adaptations,
  );
  assert.deepEqual(rerun({ experiment, profile: profile((copy) => (copy.training.rounds = 5)) }, { experiment }), all);
  assert.deepEqual(rerun({ experiment, dataHash: "other" }, { experiment }), all);
  assert.deepEqual(rerun({ experiment, engine: "tensorflow" }, { experiment }), all);
  assert.deepEqual(rerun({ experiment, slices: { A: 9, B: 9, C: 9 } }, { experiment }), [], "costs change no number");
  const said = profile((copy) => Object.assign(copy, { purpose: "another", id: "renamed" }));
  assert.deepEqual(rerun({ experiment, profile: said }, { experiment }), [], "words change no number");
  const some = inside([
    { id: "fedavg", params: {} },
    { id: "iop-fl", params: {} },
  ]);
  assert.deepEqual(
    rerun(
      {
        experiment: inside([
          { id: "fedavg", params: {} },
          { id: "iop-fl", params: { alpha: 0.3 } },
        ]),
      },
      { experiment: some },
    ),
    ["iop-fl.alpha=0.3.seed0"],
    "the records with alpha 0.1 stay",
  );
  assert.deepEqual(
    rerun(
      {
        experiment: inside([
          { id: "iop-fl", params: { alpha: 0.1 } },
          { id: "fedavg", params: {} },
        ]),
      },
      { experiment: some },
    ),
    [],
    "a default that is written out is the same job",
  );
});

test("the same method with other parameters is a variant; entries that cannot be told apart are refused by name", () => {
  const [low, high] = [0.1, 0.9].map((alpha) => ({ id: "iop-fl", params: { alpha } }));
  const named = plan({
    experiment: inside([
      { ...low, variant: "low" },
      { ...high, variant: "high" },
      { id: "fedavg", params: {} },
    ]),
  });
  assert.deepEqual(
    named.map(({ name }) => name),
    ["iop-fl.low.seed0", "iop-fl.high,alpha=0.9.seed0", "fedavg.seed0"],
  );
  assert.equal(
    ids(named)["iop-fl.low.seed0"],
    ids(plan({ experiment: inside([low]) }))["iop-fl.seed0"],
    "its name changes no number",
  );
  assert.throws(
    () => plan({ experiment: inside([low, low]) }),
    /two jobs named iop-fl\.seed0; give methods that are listed twice a variant/,
  );
  assert.throws(
    () =>
      plan({
        experiment: inside([
          { ...low, variant: "a" },
          { ...low, variant: "b" },
        ]),
      }),
    /iop-fl\.a\.seed0 and iop-fl\.b\.seed0 are the same job/,
  );
  const apart = plan({
    experiment: outside([
      { id: "iop-fl", params: {}, variant: "x" },
      { id: "global", params: {} },
    ]),
  });
  assert.ok(apart.some(({ name }) => name === "iop-fl.x.C.seed0"));
});

test("10,000 jobs read each file of the code once", (context) => {
  const seeds = Array.from({ length: 2500 }, (_, seed) => seed);
  const read = context.mock.method(fs, "readFileSync");
  const jobs = plan({
    experiment: inside(["local-only", "fedavg", "fedprox", "iop-fl"].map((id) => ({ id, params: {} }))),
    profile: profile((copy) => Object.assign(copy, { seeds })),
  });
  assert.equal(jobs.length, 10_000);
  const files = read.mock.calls.map(({ arguments: [path] }) => String(path));
  assert.ok(files.length > 10, "the code is read");
  const again = files.filter((path, index) => files.indexOf(path) < index);
  assert.deepEqual(again, []);
});

test("a protocol that names a site the task does not have is refused", () => {
  const named = (epochs: object) => profile((copy) => Object.assign(copy.training, { protocol: { epochs } }));
  const [site] = smallPlan.task.sites;
  assert.throws(() => plan({ profile: named({ [`${site}x`]: 2 }) }), /names ".*x", which is no site of/);
  assert.deepEqual(rerun({ profile: named({ [site]: 2 }) }).length, Object.keys(ids(plan())).length);
});

test("another stream is another question of the same federation, under its own name", () => {
  const streamed = [...methods, { id: "iop-fl", variant: "batch=1", params: {}, settings: { batch: 1 } }];
  const shuffled = { id: "iop-fl", variant: "order=shuffled", params: {}, settings: { order: "shuffled" } };
  const jobs = plan({ experiment: outside([...streamed, shuffled]) });
  const adaptations = jobs.flatMap((job) => (job.kind === "adaptation" && job.heldOut === "A" ? [job] : []));
  assert.deepEqual(
    adaptations.map(({ name, profile: { adaptation } }) => [name, adaptation]),
    [
      ["global.A.seed0", { batch: 2, epochs: 1 }],
      ["iop-fl.A.seed0", { batch: 2, epochs: 1 }],
      ["iop-fl.batch=1.A.seed0", { batch: 1, epochs: 1 }],
      ["iop-fl.order=shuffled.A.seed0", { batch: 2, epochs: 1, order: "shuffled" }],
    ],
  );
  assert.equal(new Set(adaptations.map(({ question }) => question)).size, 4);
  assert.equal(new Set(adaptations.map(({ federation }) => federation.id)).size, 1);
});

test("models of the best rounds are another federation's, under its own name; what tunes behind the last round has none", () => {
  const train = (selection: string, id = "iop-fl") => ({ id, params: {}, settings: { selection } });
  const entries = [...methods, { id: "global", params: {}, train: train("validation") }];
  const jobs = plan({ experiment: outside(entries) });
  const before = ids(plan({ experiment: outside(methods) }));
  for (const [name, id] of Object.entries(before)) assert.equal(ids(jobs)[name], id, name);
  const chosen = jobs.find(({ name }) => name === "federation.iop-fl,selection=validation.without-A.seed0");
  assert.equal(chosen?.profile.training.selection, "validation");
  const scored = jobs.find(({ name }) => name === "global.federation.iop-fl,selection=validation.A.seed0");
  assert.equal(scored?.kind === "adaptation" && scored.federation.id, chosen?.id);
  const named = plan({ experiment: outside([{ id: "global", params: {}, train: train("last") }]) });
  assert.equal(named[0].question, plan({ experiment: outside(methods) })[0].question);
  assert.throws(
    () => plan({ experiment: outside([{ id: "global", params: {}, train: train("validation", "fedbabu") }]) }),
    /selection: validation: "fedbabu" tunes its models behind the last round/,
  );
});
