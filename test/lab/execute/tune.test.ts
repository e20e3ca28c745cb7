import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse } from "yaml";
import { createBench } from "../support/small-experiment";

const bench = createBench();
after(bench.remove);

test("validation chooses among the points of a grid, in runs as long as the grids say, with a seed that nobody reports", async () => {
  const values = "[{ alpha: 0.1 }, { alpha: 0.9 }]";
  const write = (seed: number) =>
    writeFileSync(
      join(bench.configs, "tuning.yaml"),
      `seed: ${seed}\nrounds: 2\npoints: 2\ngrids:\n  iop-fl: { source: a test, values: ${values} }\n`,
    );
  const tune = ["tune", "inside", "--profile", "small", "--engine", "wasm"];
  write(0);
  const refused = await bench.iopfl(tune);
  assert.match(refused.output, /profile "small" reports seed 0, with which parameters are chosen/);
  write(7);
  const { code, output } = await bench.iopfl(tune);
  assert.equal(code, 0, output);
  const tuned = parse(readFileSync(join(bench.configs, "tuned", "two.small.yaml"), "utf8"));
  assert.deepEqual([tuned.seed, tuned.rounds], [7, 2]);
  const records = Object.values(bench.records("inside.tuning")).map((text) => JSON.parse(text));
  assert.deepEqual(
    records.map(({ seed, rounds }) => [seed, rounds.length]),
    [
      [7, 2],
      [7, 2],
    ],
  );
  // Scored here once more: the mean over clients of the mean over their validation cases.
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const scored = new Map(
    records.map(({ params, scores }) => {
      type Score = { model: string; part: string; cases: { dice: number }[] };
      const personal = (scores as Score[]).filter(({ model, part }) => model === "personal" && part === "validation");
      return [params.alpha, mean(personal.map(({ cases }) => mean(cases.map(({ dice }) => dice))))];
    }),
  );
  const { chosen, grid } = tuned.methods["iop-fl"];
  for (const { params, dice } of grid) assert.ok(Math.abs(dice - (scored.get(params.alpha) ?? NaN)) < 1e-6);
  assert.equal(scored.get(chosen.alpha), Math.max(...scored.values()));
  assert.ok(records.every(({ scores }) => scores.every(({ part }: { part: string }) => part === "validation")));
});
