import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { KernelClient } from "../../lib/notebook/runner/kernel-client";
import { assertTypes } from "../../lib/notebook/types/tell-types";
import type { Message } from "../../lib/notebook/wire";
import { createScratchProject } from "../docs/support/scratch-project";
import { createBench } from "../lab/support/small-experiment";
import { comesTrue } from "../support/patience";
import { runCell } from "./cells";

const bench = createBench();
const project = createScratchProject();
const method = join(project.root, "lib", "methods", "train", "iop-fl.ts");
const written = readFileSync(method, "utf8");
const environment = { IOPFL_CONFIGS: bench.configs, IOPFL_RESULTS: bench.results, IOPFL_WORK: bench.work };
let kernel: KernelClient;

before(async () => {
  const notebooks = join(project.root, "notebooks");
  mkdirSync(notebooks);
  const runner = require(join(project.root, "lib", "notebook", "runner", "kernel-client")) as {
    startKernelClient(folder: string, environment: Readonly<Record<string, string>>): Promise<KernelClient>;
  };
  kernel = await runner.startKernelClient(notebooks, environment);
});
after(async () => {
  await kernel.close();
  project.remove();
  bench.remove();
});

const importCell = 'import { experiment } from "../lib/notebook";';
const training =
  'const inside = await experiment("inside", { profile: "small", engine: "wasm", workers: 1 });\ninside.cases.length';
let edits = 0;

/** Replaces a text of the method that is there once. @returns the place of `mark` in the edited file, as compilers and stacks write it */
function edit(text: string, put: string, mark: string): string {
  assert.equal(written.split(text).length, 2);
  const edited = written.replace(text, put);
  writeFileSync(method, edited);
  const stamp = new Date(Date.now() + ++edits * 10_000);
  utimesSync(method, stamp, stamp);
  const before = edited.slice(0, edited.indexOf(mark)).split("\n");
  return `lib/methods/train/iop-fl.ts:${before.length}:${before[before.length - 1].length + 1}`;
}

test("a wrong property in lib/ is told under the import cell, and before anything is trained", async () => {
  const place = edit("params.alpha", "params.alfa", "alfa");
  const late: Message[] = [];
  const imported = await runCell(kernel, importCell, (message) => late.push(message));
  assert.equal(imported.reply.status, "ok", imported.traceback);
  const told = () => late.map(({ content }) => (content.name === "stderr" ? String(content.text) : "")).join("");
  await comesTrue(() => told() !== "", 120);
  const settings = `{ reading: "published" | "intended"; alpha: number; }`;
  const fault = `${place} - Property 'alfa' does not exist on type '${settings}'. (TS2339)`;
  assert.equal(told(), `${fault}\nnothing is trained until it is mended\n`);

  const { reply, traceback } = await runCell(kernel, training);
  assert.equal(reply.evalue, `${fault}; mend it and run the cell again; nothing was trained`, traceback);
  assert.match(traceback, /> 1 \| const inside = await experiment/);
  assert.ok(!existsSync(bench.results), "no record");
});

test("an error inside a method names the line of the cell, and file and line of lib/, also out of a worker", async () => {
  const place = edit("lerp(kept.personal", "lerp((kept as { none?: typeof kept }).none!.personal", "none!.personal");
  assert.equal((await runCell(kernel, importCell)).reply.status, "ok");
  const { reply, traceback } = await runCell(kernel, training);
  assert.equal(reply.status, "error");
  const [file, line] = place.split(":");
  assert.match(String(reply.evalue), new RegExp(`${file}:${line}\\b.*Cannot read properties of undefined`), traceback);
  assert.match(traceback, /> 1 \| const inside = await experiment/);
});

test("a file that was saved half is named before anything is trained, without the import cell", async () => {
  edit("const { model } = await train(", "const { model } = await train((", "((");
  const { reply } = await runCell(kernel, training);
  assert.match(String(reply.evalue), /^lib\/methods\/train\/iop-fl\.ts:\d+:\d+ - '\)' expected\. \(TS1005\)/);
});

test("who trains waits for a check that takes long, but not for ever; stop ends the wait", async () => {
  const said: string[] = [];
  const never = (): Promise<never> => new Promise(() => undefined);
  const log = (line: string): void => void said.push(line);
  await assertTypes(new AbortController().signal, log, { check: never, over: 20 });
  assert.deepEqual(said, ["the types of lib/ are not checked after 1 s: training starts without"]);
  await assertTypes(AbortSignal.timeout(20), log, { check: never });
  assert.equal(said.length, 1);
  const fault = { file: "lib/a.ts", line: 1, column: 2, text: "wrong (TS1)" };
  await assert.rejects(
    assertTypes(new AbortController().signal, log, { check: async () => [fault] }),
    /lib\/a\.ts:1:2 - wrong \(TS1\)/,
  );
});
