import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";
import { test } from "node:test";
import { createCodeHasher } from "../../../lib/lab/identity/code-hash";
import { importClosure } from "../../../lib/lab/identity/import-closure";
import { projectRoot } from "../../../lib/records/paths";
import { projectSources, type Sources } from "../../../lib/records/sources";
import { trainings, adaptations } from "../../../lib/methods/registry";

const disk = projectSources();

/** The project with some files as if they had been edited or added. */
const edited = (...paths: string[]): Sources => ({
  list: (path) => [...new Set([...disk.list(path), ...paths.filter((file) => file.startsWith(path))])].sort(),
  read: (path) => (paths.includes(path) ? `${disk.read(path) ?? ""}\n// edited` : disk.read(path)),
});

const methods = [
  ...trainings.map(({ id }) => ["train", id] as const),
  ...adaptations.map(({ id }) => ["adapt", id] as const),
];

/** Which methods' jobs are run again after an edit. */
function rerun(...paths: string[]): string[] {
  const [before, after] = [createCodeHasher(disk), createCodeHasher(edited(...paths))];
  return methods
    .filter(([kind, id]) => before.of(kind, id) !== after.of(kind, id))
    .map(([kind, id]) => `${kind} ${id}`);
}

test("editing one method's file runs its jobs again and no others", () => {
  assert.deepEqual(rerun("lib/methods/train/iop-fl.ts"), ["train iop-fl"]);
  assert.deepEqual(rerun("lib/methods/adapt/iop-routing.ts"), ["adapt iop-fl"]);
  const gated = rerun("lib/nets/routed/gate.ts");
  assert.ok(
    gated.includes("adapt iop-fl") && !gated.some((name) => name.startsWith("train") || name === "adapt global"),
    "only routing imports the gate",
  );
});

test("what all jobs share runs all of them again; what computes nothing runs none", () => {
  const all = methods.map((method) => method.join(" "));
  for (const path of [
    "lib/nets/model/unet.ts",
    "lib/metrics/dice.ts",
    "lib/engine/kernels/wasm/convolution.ts",
    "lib/lab/jobs/job-parts.ts",
  ]) {
    assert.deepEqual(rerun(path), all, path);
  }
  assert.deepEqual(
    rerun("lib/federation/round/federation.ts"),
    all.filter((name) => name.startsWith("train")),
  );
  assert.deepEqual(
    rerun(
      "lib/methods/registry.ts",
      "lib/report/html.ts",
      "lib/lab/execute/pool.ts",
      "lib/cli/main.ts",
      "lib/engine/install/wheel.ts",
      "README.md",
    ),
    [],
  );
  assert.deepEqual(rerun("lib/methods/train/a-new-method.ts"), [], "a new method leaves the others alone");
});

test("a method whose definition is not to be seen depends on every file of its kind", () => {
  const hash = (...paths: string[]) => createCodeHasher(edited(...paths)).of("train", "made-elsewhere");
  assert.notEqual(hash("lib/methods/train/fedavg.ts"), hash());
});

test("the closure holds every module that Node.js really loads", () => {
  const entry = "lib/lab/jobs/run-adaptation.ts";
  const print = `require("./${entry}"); process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const output = execFileSync(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", print], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  const loaded = (JSON.parse(output) as string[])
    .map((path) => relative(projectRoot, path))
    .filter((path) => path.startsWith(join("lib", "")) && path.endsWith(".ts"));
  const closure = importClosure(disk, [entry]);
  assert.ok(loaded.length > 20);
  assert.deepEqual(
    loaded.filter((path) => !closure.includes(path)),
    [],
  );
});
