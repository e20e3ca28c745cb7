import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { createRandom } from "../../../lib/core/random";
import { createCodeHasher } from "../../../lib/lab/identity/code-hash";
import { hashNumbers } from "../../../lib/lab/status/verify";
import type { RunRecord } from "../../../lib/records/schema";
import { createCheckout } from "../release/checkout";
import { createBench } from "../support/small-experiment";
import { patience } from "../../support/patience";
import { loud, randomEdit, silent, type Edit } from "./random-edit";

/** How many edits of each kind are tried; the weekly workflow tries more, with another seed. */
const count = Number(process.env.IOPFL_EDITS ?? 2);
const seed = process.env.IOPFL_EDITS_SEED ?? "edits";

const checkout = createCheckout();
const bench = createBench();
const root = join(dirname(checkout.command), "..", "..");
after(() => {
  bench.remove();
  checkout.remove();
});
const profile = join(bench.configs, "profiles", "small.yaml");
writeFileSync(profile, readFileSync(profile, "utf8").replace("rounds: 3", "rounds: 1"));

const textOf = (path: string) => readFileSync(join(root, path), "utf8");
/** The files of one method; an edit of what only writes to the disk could harm more than numbers. */
const files = createCodeHasher()
  .files("train", "iop-fl", "wasm")
  .filter((path) => /^lib\/(core|data|engine|nets|metrics|federation|methods|lab\/jobs)\//.test(path))
  .filter((path) => !path.endsWith("module-bytes.ts"));

/** What one short job answers, and under which name; nothing where the edit leaves nothing that runs. */
function answer(): { readonly id: string; readonly numbers: string } | undefined {
  for (const folder of [join(bench.results, "small"), join(bench.work, "models"), join(bench.work, "checkpoints")])
    rmSync(folder, { recursive: true, force: true });
  const args = ["run", "inside", "--profile", "small", "--engine", "wasm", "--quiet", "--only", "method=iop-fl"];
  const run = spawnSync(process.execPath, [checkout.command, ...args], {
    cwd: root,
    env: bench.env,
    timeout: 1000 * patience(60),
  });
  if (run.status !== 0) return undefined;
  const [text] = Object.values(bench.records("inside"));
  const record = JSON.parse(text) as RunRecord;
  return { id: record.id, numbers: hashNumbers(record) };
}

function apply({ path, text, to }: Edit): () => void {
  return to === undefined ? checkout.edit(path, () => text as string) : checkout.move(path, to);
}

const before = answer();

test(`${count} edits that compute nothing move neither the name nor a number`, (context) => {
  assert.ok(before);
  const random = createRandom(`${seed} silent`);
  for (let index = 0; index < count; index++) {
    const edit = randomEdit(silent, files, textOf, random);
    context.diagnostic(`${edit.kind} in ${edit.path}: ${JSON.stringify(edit.what)}`);
    const undo = apply(edit);
    const found = answer();
    undo();
    assert.deepEqual(found, before, `${edit.kind} in ${edit.path}: ${edit.what}`);
  }
});

/** Edits are tried until one of them moved a number, but no more than these. */
const most = 6 * count;

test(`edits that may compute, at least ${count}: numbers that moved have another name`, (context) => {
  const random = createRandom(`${seed} loud`);
  let moved = 0;
  for (let index = 0; index < count || (moved === 0 && index < most); index++) {
    const edit = randomEdit(loud, files, textOf, random);
    const undo = apply(edit);
    const found = answer();
    undo();
    const what = `${edit.kind} in ${edit.path}: ${edit.what}`;
    const [numbers, name] = [found?.numbers !== before?.numbers, found?.id !== before?.id];
    context.diagnostic(`${what}: ${found ? `numbers moved: ${numbers}, name moved: ${name}` : "nothing ran"}`);
    if (!found || !numbers) continue;
    moved++;
    assert.ok(name, what);
  }
  assert.ok(moved > 0, "no edit moved a number, so that nothing was tried");
});
