import { ownFolder } from "../support/own-folders";
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { phantoms } from "../../../lib/data/phantom/phantoms";
import type { Profile, Task } from "../../../lib/records/config";
import { knownData, prepareTask } from "../../../lib/records/dataset";
import { estimated, type ExperimentStatus } from "../../../lib/lab/status/status";
import { projectRoot } from "../../../lib/records/paths";
import { readManifest } from "../../../lib/records/release/manifest";
import { createBench } from "../support/small-experiment";

const bench = createBench();
after(() => bench.remove());
const status = async (): Promise<string> => {
  const { code, output } = await bench.iopfl(["status", "--profile", "small", "--engine", "wasm"]);
  assert.equal(code, 0, output);
  return output;
};
const files = () =>
  existsSync(bench.work)
    ? (readdirSync(bench.work, { recursive: true }) as string[]).filter((name) =>
        statSync(join(bench.work, name)).isFile(),
      )
    : [];

test("status writes nothing, before there are any data and after", async () => {
  const before = await status();
  assert.match(
    before,
    /inside +3 jobs; their data are not there yet or have changed: the next run sees to them \(profile small, engine wasm\)/,
  );
  assert.match(before, /disk used: 0\.0 MB in .*, 0\.0 MB in /);
  assert.deepEqual(files(), []);
  assert.equal((await bench.iopfl(["run", "inside", "--profile", "small", "--engine", "wasm"])).code, 0);
  const kept = files();
  const after = await status();
  assert.match(after, /inside +3 of 3 jobs done, 0 running, 0 failed, 0 left \(/);
  assert.match(after, /outside +0 of 9 jobs done, 0 running, 0 failed, 9 left, about \d+ s to go \(/);
  assert.deepEqual(files(), kept);
});

test("a job that failed, one that runs and how long the rest takes are told", async () => {
  const records = join(bench.results, "small", "inside");
  const [lost, ...rest] = readdirSync(records).filter((name) => name.endsWith(".json"));
  const { id, name } = {
    id: JSON.parse(readFileSync(join(records, lost), "utf8")).id as string,
    name: lost.replace(".json", ""),
  };
  assert.equal(rest.length, 2);
  renameSync(join(records, lost), join(bench.work, lost));
  const log = join(bench.work, "logs", "small", "inside", `${name}.log`);
  const whole = readFileSync(log, "utf8");
  writeFileSync(log, `${whole}2026-01-01T00:00:00.000Z ${id} failed: no luck\n`);
  const failed = await status();
  assert.match(failed, /inside +2 of 3 jobs done, 0 running, 1 failed, 1 left, about \d+ s to go/);
  assert.match(failed, new RegExp(`failed: ${name}: no luck`));
  const far = { token: "far", pid: 1, started: "1", machine: "another", beat: 3 };
  mkdirSync(join(bench.work, "leases"), { recursive: true });
  writeFileSync(join(bench.work, "leases", `${id}.1`), JSON.stringify(far));
  const running = await status();
  assert.match(running, /inside +2 of 3 jobs done, 1 running, 0 failed, 0 left/);
  assert.match(running, new RegExp(`running: ${name}, held by process 1 of another machine or container; taken over`));
  writeFileSync(join(bench.work, "leases", `${id}.1`), "");
  assert.match(await status(), new RegExp(`waiting: ${name}, held by nobody that can be seen: its lease is empty`));
});

test("a damaged provenance, record or log ends no command", async () => {
  const records = join(bench.results, "small", "inside");
  for (const name of readdirSync(join(records, "provenance")))
    writeFileSync(join(records, "provenance", name), name.startsWith("fedavg") ? "{" : "[]");
  assert.match(await status(), /inside +2 of 3 jobs done/);
  const [done] = readdirSync(records).filter((name) => name.endsWith(".json"));
  writeFileSync(join(records, done), "null");
  assert.match(await status(), /inside +1 of 3 jobs done/);
});

test("the committed results are told on a machine that has drawn no phantom: what is done, what is left and for how long", async () => {
  const { code, output } = await bench.iopfl(["status", "--profile", "phantom", "--engine", "tensorflow", "--json"], {
    env: { IOPFL_CONFIGS: join(projectRoot, "configs") },
  });
  assert.equal(code, 0, output);
  const { experiments } = JSON.parse(output) as { experiments: (ExperimentStatus & { id: string })[] };
  const manifest = readManifest("phantom");
  assert.ok(experiments.length > 10 && manifest);
  for (const { id, of: whose, done, released, dataKnown, secondsLeft, secondsDone } of experiments) {
    const records: readonly { seconds: number }[] = manifest.experiments[whose ?? id]?.records ?? [];
    const seconds = records.reduce((sum, each) => sum + each.seconds, 0);
    assert.ok(dataKnown, id);
    assert.deepEqual([done, released], [records.length, records.length], id);
    assert.ok(Math.abs(secondsDone - seconds) < 1e-6 * seconds + 1e-9, `${id}: ${secondsDone} and ${seconds}`);
    assert.ok(secondsLeft !== undefined && Number.isFinite(secondsLeft), id);
  }
});

test("of what was never measured one hears how long it takes by what the others took", () => {
  const state = (change: Partial<ExperimentStatus>) =>
    ({ dataKnown: true, costDone: 0, costLeft: 0, secondsDone: 0, workers: 2, ...change }) as ExperimentStatus;
  const [known, unknown, unread] = estimated([
    state({ costDone: 10, costLeft: 20, secondsDone: 50, secondsLeft: 50 }),
    state({ costLeft: 4, secondsLeft: undefined }),
    state({ costLeft: 4, dataKnown: false }),
  ]);
  assert.deepEqual([known.secondsLeft, unknown.secondsLeft], [50, (4 * 5) / 2]);
  assert.equal(unread.secondsLeft, undefined, "how many slices there are is not known");
  assert.equal(estimated([state({ costLeft: 4 })])[0].secondsLeft, undefined);
});

test("real files are read again when one of them was changed, and only then", () => {
  const task: Task = { id: "real", title: "Real", set: "prostate", sites: ["HK", "UCL"], classes: 2, inChannels: 3 };
  const source = join(ownFolder, "dataset");
  const data = { source, seed: 1, side: 32, casesPerSite: 3, slices: 6, reading: "intended" } as Profile["data"];
  phantoms.prostate(join(source, "prostate"), { seed: 1, side: 32, casesPerSite: 3, slices: 6 });
  assert.equal(knownData(task, data), undefined, "never read");
  const first = prepareTask(task, data);
  assert.deepEqual(knownData(task, data), first);
  const [one, two] = (readdirSync(join(source, "prostate"), { recursive: true }) as string[])
    .filter((name) => /HK.*seg/i.test(name))
    .map((name) => join(source, "prostate", name));
  const [a, b] = [readFileSync(one), readFileSync(two)];
  const { atime, mtime } = statSync(one);
  writeFileSync(one, a);
  utimesSync(one, atime, mtime);
  assert.equal(knownData(task, data), undefined, "written with the same bytes and its time set back: who knows");
  assert.deepEqual(prepareTask(task, data), first);
  // Two patients change places, with image and mask: one's mask on the other's image would be refused.
  writeFileSync(one, b);
  writeFileSync(two, a);
  const [image, other] = [one, two].map((mask) => mask.replace(/_segmentation/i, ""));
  const [scanned, second] = [readFileSync(image), readFileSync(other)];
  writeFileSync(image, second);
  writeFileSync(other, scanned);
  assert.notEqual(prepareTask(task, data).dataHash, first.dataHash);
});
