/** A run that is half done reports: the page is built after every record that a run writes. */
import { place, onlyExperiment, removeRecords, writeRecord } from "./own-report";
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { readTask } from "../../lib/records/config";
import type { RunRecord } from "../../lib/records/schema";
import { buildReport } from "../../lib/report/build-report";
import { adaptation, federation, score } from "./records";

const { sites } = readTask("prostate");
const dice = (base: number) => Object.fromEntries(sites.map((site, index) => [site, [base + index / 50, base + 0.1]]));
const diverged = { method: "fedavg", client: "HK", round: 2, problem: "the loss is NaN" };

beforeEach(() => {
  removeRecords();
  onlyExperiment();
});

/** As assert.match, without the page in the message. */
const has = (page: string, text: RegExp, message = String(text)) => assert.ok(text.test(page), message);

async function pageOf(): Promise<string> {
  return readFileSync((await buildReport("quick")).page, "utf8");
}

test("after each prefix of the inside run the page shows what is there and names what is not", async () => {
  const run = ["local-only", "fedavg", "iop-fl"];
  for (const [done, method] of run.entries()) {
    writeRecord("inside-prostate", `${method}.seed0`, federation(method, 0, dice(0.5 + done / 10)));
    const page = await pageOf();
    for (const [index, each] of run.entries()) {
      assert.equal(page.includes(`>${each}</a></th>`), index <= done, `${each} after ${method}`);
      const [, lacking = ""] = /<li>([^<]*): not run yet<\/li>/.exec(page) ?? [];
      assert.equal(lacking.split(", ").includes(each), index > done, `${each} after ${method}`);
    }
    // Nothing is compared before the reference is there.
    assert.equal(page.includes("the reference of this experiment: it has no result yet"), method !== "iop-fl");
    assert.equal(page.includes("iop-fl minus local-only"), method === "iop-fl");
  }
});

test("the reference may come first, and records in any order", async () => {
  writeRecord("inside-prostate", "iop-fl.seed0", federation("iop-fl", 0, dice(0.5)));
  has(await pageOf(), /Nothing is compared with iop-fl, .*no other method has a case in common with it yet/);
});

test("after each prefix of the outside run, site by site, there is a page", async () => {
  const steps = sites.flatMap((site): [string, RunRecord][] => [
    [`federation.without-${site}.seed0`, federation("iop-fl", 0, {}, { sites: sites.filter((each) => each !== site) })],
    [`iop-fl.${site}.seed0`, adaptation("iop-fl", 0, site, [score("1", 0.6), score("2", 0.5, null)])],
    [`global.${site}.seed0`, adaptation("global", 0, site, [score("1", 0.5), score("2", 0.4)])],
  ]);
  for (const [step, [name, record]] of steps.entries()) {
    writeRecord("outside-prostate", name, record);
    const page = await pageOf();
    const held = Math.floor((step + 1) / 3) + Math.floor((step + 2) / 3);
    has(
      page,
      new RegExp(`unseen site\\? Prostate</a></th><td>outside</td><td class="number">${held} of ${3 * sites.length}<`),
      name,
    );
  }
});

test("an experiment of variants alone is compared by the variant that it names", async () => {
  const methods = [0.1, 0.5, 0.9].map(
    (alpha) => `  - { id: iop-fl, variant: alpha-${alpha * 10}, params: { alpha: ${alpha} } }\n`,
  );
  const text = `id: ablate\nquestion: How much alpha?\nkind: inside\ntask: prostate\nmethods:\n${methods.join("")}`;
  onlyExperiment("ablate", `${text}reference: { method: iop-fl, variant: alpha-5 }\n`);
  for (const [index, variant] of ["alpha-1", "alpha-5"].entries())
    writeRecord("ablate", `iop-fl.${variant}.seed0`, federation("iop-fl", 0, dice(0.5 + index / 10), { variant }));
  const page = await pageOf();
  has(page, /iop-fl \(alpha-5\) minus iop-fl \(alpha-1\)/);
  has(page, /<li>iop-fl \(alpha-9\): not run yet<\/li>/);
  onlyExperiment("ablate", `${text}reference: { method: iop-fl }\n`);
  await assert.rejects(
    buildReport("quick"),
    /ablate\.yaml line 9: reference: "iop-fl" is not among the methods; use one of iop-fl with variant alpha-1, /,
  );
});

test("runs that diverged are shown as such, as far as they came", async () => {
  writeRecord("inside-prostate", "fedavg.seed0", federation("fedavg", 0, {}, { sites, diverged, scores: [] }));
  writeRecord("inside-prostate", "iop-fl.seed0", federation("iop-fl", 0, dice(0.5)));
  const page = await pageOf();
  has(page, /fedavg<\/a><\/th><td[^>]*>diverged<\/td>/);
  has(page, /<li>fedavg, seed 0: diverged at HK in round 2: the loss is NaN<\/li>/);
  assert.ok(!/>0\.000<|fedavg: not run yet/.test(page));
});

test("one damaged file costs itself, and is named; odd but valid records cost nothing", async () => {
  writeRecord("inside-prostate", "local-only.seed0", federation("local-only", 0, dice(0.4)));
  writeRecord("inside-prostate", "fedavg.seed0", federation("fedavg", 0, dice(0.5)));
  writeRecord("inside-prostate", "iop-fl.seed0", federation("iop-fl", 0, dice(0.6)));
  writeRecord("outside-prostate", "global.HK.seed0", adaptation("global", 0, "HK", [], { epochs: [] }));
  writeFileSync(place("inside-prostate", "provenance", "fedavg.seed0.json"), '{"id": 1');
  writeFileSync(place("inside-prostate", "local-only.seed0.json"), '{"kind": "federation"}');
  const { page, damaged } = await buildReport("quick");
  assert.deepEqual(
    damaged.map((line) => line.replace(/;.*/, "")),
    [
      "inside-prostate: fedavg.seed0.json is not JSON",
      "inside-prostate: local-only.seed0.json is not a valid record: schema: Invalid input: expected 2",
    ],
  );
  const html = readFileSync(page, "utf8");
  has(html, /iop-fl minus fedavg/);
  has(html, /global, seed 0, HK held out: its record has no epoch/);
});

test("without records there is no page, but a line that says what to run", async () => {
  await assert.rejects(buildReport("quick"), {
    message: 'profile "quick" has no records to report; run `npx iopfl run inside-prostate --profile quick` first',
  });
  writeRecord("inside-prostate", "fedavg.seed0", federation("fedavg", 0, dice(0.5)));
  writeFileSync(place("inside-prostate", "fedavg.seed0.json"), "");
  await assert.rejects(
    buildReport("quick"),
    /no record of profile "quick" can be read: .*fedavg\.seed0\.json is not JSON/,
  );
  await assert.rejects(buildReport("quack"), /unknown profile "quack"/);
});

test("a page built again has the same bytes, and its dates are those of the runs", async () => {
  writeRecord("inside-prostate", "fedavg.seed0", federation("fedavg", 0, dice(0.5)));
  writeRecord("inside-prostate", "iop-fl.seed0", federation("iop-fl", 0, dice(0.6)), {
    finished: "2026-11-28T23:59:59.000Z",
  });
  const first = await pageOf();
  has(first, /Measured 2026-11-26 to 2026-11-28\./);
  rmSync((await buildReport("quick")).page);
  assert.equal(await pageOf(), first);
});
