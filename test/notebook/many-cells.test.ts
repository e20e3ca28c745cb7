import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell } from "./cells";
import { temporaryFolder } from "./make-notebook";

const folder = temporaryFolder();
let kernel: KernelClient;

before(async () => {
  kernel = await startKernelClient(folder.path);
});
after(async () => {
  await kernel.close();
  folder.remove();
});

const doors = `import { figure, show, table } from "../../../lib/notebook";
import * as tf from "@tensorflow/tfjs";`;

/** What people write, one after the other: new names, functions, mistakes, tables, figures, tensors, the import cell again. */
const drafts: readonly ((place: number) => string)[] = [
  (place) => `const value_${place} = Array.from({ length: 1000 }, (_, i) => i * ${place});\nvalue_${place}.length`,
  (place) => `function twice_${place}(x: number): number {\n  return 2 * x;\n}\ntwice_${place}(${place})`,
  (place) => `throw new Error("mistake ${place}");`,
  (place) => `table([{ place: ${place}, dice: 0.5 }])`,
  (place) => `figure({ data: { values: [{ x: ${place} }] }, mark: "point", encoding: { x: { field: "x" } } })`,
  () => "tf.tidy(() => tf.randomNormal([64, 64]).sum().dataSync()[0])",
  (place) => `const wrong_${place}: number = "text";`,
  () => doors,
  () => "let same = 1; for (let i = 0; i < 100; i++) console.log(i);",
  () => "await new Promise((resolve) => setTimeout(resolve, 1));",
];

test("two hundred cells in one kernel: memory, tensors and the time of a cell stay flat", async (context) => {
  await runCell(kernel, doors);
  // Memory is looked at after a collection: what is only waiting to be collected is no leak.
  await runCell(
    kernel,
    `import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;`,
  );
  const look = async () => {
    const code =
      "for (let i = 0; i < 3; i++) { collect(); await new Promise((resolve) => setTimeout(resolve, 100)); }\n" +
      "JSON.stringify([process.memoryUsage().heapUsed / 1e6, process.memoryUsage().rss / 1e6, tf.memory().numTensors])";
    const { result, traceback } = await runCell(kernel, code);
    assert.ok(result, traceback);
    const [heap, resident, tensors] = JSON.parse(result.slice(1, -1)) as number[];
    return { heap, resident, tensors };
  };
  const write = async (from: number, to: number): Promise<number[]> => {
    const times: number[] = [];
    for (let place = from; place < to; place++) {
      const started = performance.now();
      const { reply } = await runCell(kernel, drafts[place % drafts.length](place));
      assert.equal(
        reply.status,
        [2, 6].includes(place % drafts.length) ? "error" : "ok",
        `cell ${place}: ${String(reply.evalue)}`,
      );
      times.push(performance.now() - started);
    }
    return times.sort((a, b) => a - b);
  };
  const median = (times: readonly number[]) => times[Math.floor(times.length / 2)];
  const first = median(await write(0, 60));
  const early = await look();
  const last = median(await write(60, 200));
  const late = await look();
  const grown = { heap: late.heap - early.heap, resident: late.resident - early.resident };
  context.diagnostic(
    `cells 60 to 200: heap ${early.heap.toFixed(0)} + ${grown.heap.toFixed(1)} MB, ` +
      `resident ${early.resident.toFixed(0)} + ${grown.resident.toFixed(1)} MB, median cell ${first.toFixed(0)}, then ${last.toFixed(0)} ms`,
  );
  // Names, source maps (for errors thrown later) and the values themselves are kept: some ten kilobytes a cell.
  assert.ok(grown.heap < 15, `heap grew by ${grown.heap} MB`);
  // What the allocator has not given back yet comes and goes by up to 100 MB (400 cells: 383, 370, 378, 383, 385, 455, 393, 395 MB).
  assert.ok(grown.resident < 150, `resident memory grew by ${grown.resident} MB`);
  assert.equal(late.tensors, early.tensors);
  assert.equal((await runCell(kernel, "value_0.length + twice_191(4)")).result, "1008");
});
