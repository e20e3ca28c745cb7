import assert from "node:assert/strict";
import { readFileSync, utimesSync } from "node:fs";
import { test } from "node:test";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;

test("the library: types and lines of lib/*.ts, from the notebook's own folder", async () => {
  const wrong = await run('import { sha256 } from "../../../lib/core/hash";\nsha256(5)');
  assert.match(wrong.traceback, /:2:8 - Argument of type 'number' is not assignable/);
  const failed = await run(
    'import { valuesOf } from "../../../lib/core/state";\nvaluesOf({ layout: [], values: new Float32Array(1) }, "none")',
  );
  assert.match(failed.traceback, /at valuesOf \(lib\/core\/state\.ts:\d+:\d+\)/);
  const source = readFileSync(`${__dirname}/../../lib/core/state.ts`, "utf8").split("\n");
  const line = Number(/state\.ts:(\d+)/.exec(failed.traceback)?.[1]);
  assert.match(source[line - 1], /throw new RangeError/);
});

test("an edit of a file that an imported file imports is seen, by values and by types, when the import cell runs again", async () => {
  bench.folder.write("deep.ts", "export const deep = 1;\n");
  bench.folder.write("near.ts", 'import { deep } from "./deep";\nexport const near = () => deep;\n');
  const cell = 'import { near } from "./near";\nnear()';
  assert.equal((await run(cell)).result, "1");
  const edited = bench.folder.write("deep.ts", 'export const deep = "edited";\n');
  const later = new Date(Date.now() + 5000);
  utimesSync(edited, later, later);
  assert.equal((await run(cell)).result, "'edited'");
  assert.equal((await run("const text: string = near(); text.length")).result, "6");
  assert.match((await run('import { late } from "./late"')).traceback, /Cannot find module/);
  bench.folder.write("late.ts", "export const late = 8;\n");
  assert.equal((await run('import { late } from "./late"; late')).result, "8");
});

test("packages: CommonJS, ES modules, types through exports", async () => {
  const { reply, traceback } = await run(
    'import { z } from "zod"; import { parse } from "yaml"; import * as vl from "vega-lite"; import * as vega from "vega";',
  );
  assert.equal(reply.status, "ok", traceback);
  assert.equal(
    (
      await run(
        "z.number().parse(parse('3')) + Object.keys(vl.compile({ mark: 'bar', data: { values: [] } })).length > 3",
      )
    ).result,
    "true",
  );
  const esmOnly = await run(
    'import { mean } from "d3-array"; import { scaleLinear } from "d3-scale"; scaleLinear([0, 10])(mean([1, 2, 3]))',
  );
  assert.equal(esmOnly.result, "20", esmOnly.traceback);
  // A package that awaits at its top level cannot be required, not even by a Node that can require other ES modules.
  const files = {
    "package.json": JSON.stringify({
      name: "awaiting",
      type: "module",
      exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
    }),
    "index.js": "export const value = await Promise.resolve(11);\n",
    "index.d.ts": "export declare const value: number;\n",
  };
  for (const [name, content] of Object.entries(files)) bench.folder.write(`node_modules/awaiting/${name}`, content);
  const own = await run('import { value } from "awaiting"; value');
  assert.equal(own.result, "11", own.traceback);
});

test("a file that was saved half or has the marks of a merge does not run, and is named with its line", async () => {
  bench.folder.write("whole.ts", 'export { value } from "./broken";\n');
  for (const [text, place] of [
    [
      "export const value = 1;\nexport function half() {\n  return [1, 2\n",
      /broken\.ts:\d+:\d+ - '\]' expected|broken\.ts:4:1/,
    ],
    [
      "export const a = 1;\n<<<<<<< HEAD\nexport const value = 1;\n=======\nexport const value = 2;\n>>>>>>> x\n",
      /broken\.ts:2:1 - Merge conflict marker/,
    ],
  ] as const) {
    const path = bench.folder.write("broken.ts", text);
    const stamp = new Date(Date.now() + text.length * 1000);
    utimesSync(path, stamp, stamp);
    const { reply } = await run('import { value } from "./whole"; value');
    assert.equal(reply.ename, "SyntaxError");
    assert.match(String(reply.evalue), place);
  }
  const mended = bench.folder.write("broken.ts", "export const value = 3;\n");
  utimesSync(mended, new Date(Date.now() + 1e6), new Date(Date.now() + 1e6));
  assert.equal((await run('import { value } from "./whole"; value')).result, "3");
});

test("tf works in a cell: an engine starts at first use, and a small tensor shows its values", async () => {
  assert.equal((await run('import { tf } from "../../../lib/notebook";')).reply.status, "ok");
  const { result, traceback } = await run("tf.tensor2d([[1, 2], [3, 0.123456]]).mul(2)");
  assert.equal(result, "Tensor float32 [2, 2]: [[2, 4], [6, 0.2469]]", traceback);
});
