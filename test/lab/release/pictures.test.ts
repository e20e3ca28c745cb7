import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { PNG } from "pngjs";
import { sha256 } from "../../../lib/core/hash";
import { createBench } from "../support/small-experiment";
import { createCheckout } from "./checkout";
import { loadTypescript } from "../../../lib/core/load-typescript";

const checkout = createCheckout();
const bench = createBench();
const released = join(bench.results, "released");
const root = join(dirname(checkout.command), "..", "..");
after(() => {
  bench.remove();
  checkout.remove();
});
const iopfl = (...args: string[]) =>
  bench.iopfl(args, { command: checkout.command, env: { IOPFL_RELEASES: released } });

before(async () => {
  for (const id of ["inside", "outside"]) await iopfl("run", id, "--profile", "small", "--engine", "wasm");
  const { code, output } = await iopfl("release", "small", "--engine", "wasm");
  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /no masks of/);
  // As on a clone: no data, no models, no predictions, no records but the released ones.
  rmSync(bench.work, { recursive: true, force: true });
  rmSync(join(bench.results, "small"), { recursive: true, force: true });
});

/** What a notebook would show, in a process of its own. Masks are counted here, from what the viewer was handed. */
function notebook(code: string): unknown {
  const script = `const { experiment } = require("./lib/notebook");
    const counted = (bundle) => {
      const { values } = bundle.data["application/vnd.vega.v5+json"].data[0];
      let [both, sum] = [0, 0];
      for (const { truth, prediction } of values)
        truth.values.forEach((label, i) => { both += label * prediction.values[i]; sum += label + prediction.values[i]; });
      return 2 * both / sum;
    };
    (async () => { const answer = await (async () => { ${code} })(); require("fs").writeSync(1, "\\n" + JSON.stringify(answer)); })();`;
  const args = [...loadTypescript, "-e", script];
  const env = { ...bench.env, IOPFL_RELEASES: released };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split("\n").pop() as string);
}

const cases = { inside: ["local-only", "fedavg", "iop-fl"], outside: ["global", "iop-fl"] } as const;
for (const [id, methods] of Object.entries(cases))
  test(`on a clone without data and models notebooks draw what was scored: ${id}`, () => {
    const drawn = notebook(`const of = await experiment("${id}", { profile: "small" });
      const rows = [];
      for (const method of ${JSON.stringify(methods)}) for (const site of of.sites) {
        const all = of.cases.filter((each) => each.method === method && each.site === site);
        const dice = new Map(all.map((each) => [each.id, each.dice]));
        for (const place of ["best", "median", "worst"]) {
          const shown = await of.viewer({ site, method, place });
          const text = shown.data["text/plain"];
          rows.push([counted(shown), dice.get(/ (Case\\S+?),/.exec(text)[1]), text]);
        }
      }
      return { rows, sheet: (await of.sheet()).data["image/png"] };`) as {
      rows: [number, number, string][];
      sheet: string;
    };
    assert.equal(drawn.rows.length, 3 * 3 * methods.length);
    for (const [dice, recorded, text] of drawn.rows) {
      assert.equal(dice, recorded, text);
      assert.match(text, /reference amber, prediction blue$/);
    }
    const { width, height } = PNG.sync.read(Buffer.from(drawn.sheet, "base64"));
    assert.ok(width > 3 * 190 && height > methods.length * 190, `${width} x ${height}`);
  });

test("the best case is no worse than the median, nor that than the worst, by the mean over the methods", () => {
  const means = notebook(`const of = await experiment("outside", { profile: "small" });
    const mean = async (site, place) => {
      const text = (await of.viewer({ site, method: "global", place })).data["text/plain"];
      const named = of.cases.filter((each) => each.site === site && each.id === / (Case\\S+?),/.exec(text)[1]);
      return named.reduce((sum, each) => sum + each.dice, 0) / named.length;
    };
    const all = [];
    for (const site of of.sites) all.push([await mean(site, "best"), await mean(site, "median"), await mean(site, "worst")]);
    return all;`) as [number, number, number][];
  for (const [best, median, worst] of means) assert.ok(best >= median && median >= worst, `${means}`);
  assert.ok(means.some(([best, , worst]) => best > worst));
});

test("the page draws them too", async () => {
  const { code, output } = await iopfl("report", "--profile", "small");
  assert.equal(code, 0, output);
  const page = readFileSync(join(bench.results, "small", "report.html"), "utf8");
  const [inside, outside] = [...page.matchAll(/<img alt="predictions for HK, UCL, BIDMC[^>]*base64,([^"]+)"/g)].map(
    ([, png]) => PNG.sync.read(Buffer.from(png, "base64")),
  );
  // A row for each method, and two of the reference, each of 64 pixels and a title.
  assert.ok(inside.height > 5 * 64 && outside.height > 4 * 64 && outside.height < inside.height);
});

test("a method whose masks are not in the release leaves the others drawn, and a word about its model", () => {
  const [path, manifestPath] = ["inside.pictures.jsonl", "manifest.json"].map((name) => join(released, "small", name));
  const [whole, manifest] = [path, manifestPath].map((file) => readFileSync(file, "utf8"));
  const lines = whole
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { predictions, ...picture } = JSON.parse(line) as { predictions: Record<string, string> };
      delete predictions["fedavg.seed0"];
      return JSON.stringify({ ...picture, predictions });
    });
  const known = JSON.parse(manifest) as { experiments: { inside: { pictures: { sha256: string }[] } } };
  known.experiments.inside.pictures.forEach((entry, index) => (entry.sha256 = sha256(lines[index])));
  writeFileSync(path, `${lines.join("\n")}\n`);
  writeFileSync(manifestPath, JSON.stringify(known));
  // Released records stand under whatever code is read later.
  const undo = checkout.edit("lib/methods/train/fedavg.ts", (text) => `${text}\nexport const later = 1;\n`);
  const { alone, beside, sheet } = notebook(`const of = await experiment("inside", { profile: "small" });
    const text = async (method) => (await of.viewer({ site: "HK", method })).data["text/plain"];
    return { alone: await text("fedavg"), beside: await text("iop-fl"), sheet: (await of.sheet()).data["image/png"] };`) as Record<
    "alone" | "beside" | "sheet",
    string
  >;
  assert.match(alone, /reference amber$/);
  assert.match(beside, /iop-fl: Dice .*prediction blue$/);
  const { height } = PNG.sync.read(Buffer.from(sheet, "base64"));
  assert.ok(height > 2 * 190 && height < 3 * 190, `two rows: ${height}`);
  undo();
  writeFileSync(path, whole);
  writeFileSync(manifestPath, manifest);
});

test("a picture that was edited is found, and one that is larger than it says is not unpacked", async () => {
  const path = join(released, "small", "inside.pictures.jsonl");
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, whole.replace('"aspect":1', '"aspect":2'));
  const { code, output } = await iopfl("verify", "--release", "small");
  assert.equal(code, 1);
  assert.match(output, /the picture inside\/\S+ is not what was released/);
  writeFileSync(path, whole);
  assert.equal((await iopfl("verify", "--release", "small")).code, 0);
});
