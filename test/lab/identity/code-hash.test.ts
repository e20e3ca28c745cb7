import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join, relative } from "node:path";
import { test } from "node:test";
import { createCodeHasher } from "../../../lib/lab/identity/code-hash";
import { projectRoot } from "../../../lib/records/paths";
import { projectSources, type Sources } from "../../../lib/records/sources";
import { trainings, adaptations } from "../../../lib/methods/registry";
import { loadTypescript } from "../../../lib/core/load-typescript";

const disk = projectSources();
const computes = (text: string) => `${text}\nexport const added = 1;\n`;
const says = (text: string) => `/** Says more. */\n${text.replace(/\n/g, "\n\n")}\ntype Added = number;\n`;

/** The project with some files as if they had been edited, added or moved. */
const edited = (paths: readonly string[], edit = computes): Sources => ({
  list: (path) => [...new Set([...disk.list(path), ...paths.filter((file) => file.startsWith(path))])].sort(),
  read: (path) => (paths.includes(path) ? edit(disk.read(path) ?? "") : disk.read(path)),
});

const methods = [
  ...trainings.map(({ id }) => ["train", id] as const),
  ...adaptations.map(({ id }) => ["adapt", id] as const),
];
const all = methods.map((method) => method.join(" "));
const before = createCodeHasher(disk);

/** Which methods' jobs are run again. */
function rerun(sources: Sources, engine: "wasm" | "tensorflow" = "wasm"): string[] {
  const after = createCodeHasher(sources);
  return methods
    .filter(([kind, id]) => before.of(kind, id, engine) !== after.of(kind, id, engine))
    .map(([kind, id]) => `${kind} ${id}`);
}

test("editing one method's file runs its jobs again and no others", () => {
  assert.deepEqual(rerun(edited(["lib/methods/train/iop-fl.ts"])), ["train iop-fl"]);
  assert.deepEqual(rerun(edited(["lib/methods/adapt/iop-routing.ts"])), ["adapt iop-fl"]);
  const gated = rerun(edited(["lib/nets/routed/gate.ts"]));
  assert.ok(
    gated.includes("adapt iop-fl") && !gated.some((name) => name.startsWith("train") || name === "adapt global"),
    "only routing imports the gate",
  );
});

test("what all jobs share runs all of them again; what computes nothing runs none", () => {
  for (const path of [
    "lib/nets/model/unet.ts",
    "lib/metrics/dice.ts",
    "lib/engine/kernels/wasm/convolution.ts",
    "lib/lab/jobs/job-parts.ts",
  ]) {
    assert.deepEqual(rerun(edited([path])), all, path);
  }
  assert.deepEqual(
    rerun(edited(["lib/federation/round/federation.ts"])),
    all.filter((name) => name.startsWith("train")),
  );
  const elsewhere = [
    "lib/methods/registry.ts",
    "lib/report/html.ts",
    "lib/lab/execute/pool.ts",
    "lib/cli/main.ts",
    "lib/engine/install/wheel.ts",
    "README.md",
  ];
  assert.deepEqual(rerun(edited(elsewhere)), []);
  assert.deepEqual(rerun(edited(["lib/methods/train/a-new-method.ts"])), [], "a new method leaves the others alone");
});

test("an engine's kernels count for its results alone", () => {
  assert.deepEqual(rerun(edited(["lib/engine/kernels/webgpu/wide-product.ts", "lib/engine/webgpu.ts"])), []);
  const own = edited(["lib/engine/kernels/wasm/convolution.ts"]);
  assert.deepEqual(rerun(own, "tensorflow"), []);
  assert.deepEqual(rerun(own, "wasm"), all);
});

test("comments, layout and types in every file of the project move no hash", () => {
  const every = disk.list("lib").filter((path) => path.endsWith(".ts"));
  assert.ok(every.length > 200);
  assert.deepEqual(rerun(edited(every, says)), []);
});

test("a file that is moved and renamed moves no hash; another one in its place does", () => {
  const [from, to] = ["lib/metrics/dice.ts", "lib/metrics/overlap/of-masks.ts"];
  const others = disk.list("lib").filter((path) => path.endsWith(".ts"));
  const points = (text: string, path: string) =>
    text.replace(/(["'])([^"'\n]*)\/dice\1/g, (whole, quote: string, before: string) =>
      join(path, "..", `${before}/dice.ts`) === from ? `${quote}${before}/overlap/of-masks${quote}` : whole,
    );
  const moved: Sources = {
    list: (path) => disk.list(path).map((file) => (file === from ? to : file)),
    read(path) {
      if (path === from) return undefined;
      if (path === to)
        return disk
          .read(from)
          ?.replace(/from "\.\//g, 'from "../')
          .replace(/from "\.\.\//g, 'from "../../');
      const text = disk.read(path);
      return text !== undefined && others.includes(path) ? points(text, path) : text;
    },
  };
  assert.deepEqual(rerun(moved), []);
  const swapped: Sources = { ...disk, read: (path) => disk.read(path === from ? "lib/metrics/mean.ts" : path) };
  assert.deepEqual(rerun(swapped), all);
});

test("a method whose definition is not to be seen depends on every file of its kind", () => {
  const hash = (...paths: string[]) => createCodeHasher(edited(paths)).of("train", "made-elsewhere", "wasm");
  assert.notEqual(hash("lib/methods/train/fedavg.ts"), hash());
});

test("the files of a job's code hold every numeric module that Node.js really loads for them", () => {
  const entry = "lib/lab/jobs/run-adaptation.ts";
  const print = `require("./${entry}"); const all = Object.values(require.cache);
    process.stdout.write(JSON.stringify(all.map(({ id, children }) => [id, children.map((child) => child.id)])))`;
  const output = execFileSync(process.execPath, [...loadTypescript, "-e", print], {
    cwd: projectRoot,
    encoding: "utf8",
  });
  const files = new Set(methods.flatMap(([kind, id]) => before.files(kind, id, "wasm")));
  const numeric = /^lib\/(core|io|data|nets|metrics|federation)\/.*\.ts$/;
  const inProject = (path: string) => relative(projectRoot, path);
  // By whoever loads it first: what only planning loads computes nothing.
  const loaded = (JSON.parse(output) as [string, string[]][])
    .filter(([path]) => files.has(inProject(path)))
    .flatMap(([, children]) => children.map(inProject))
    .filter((path) => numeric.test(path));
  assert.ok(loaded.length > 20);
  assert.deepEqual(
    loaded.filter((path) => !files.has(path)),
    [],
  );
});
