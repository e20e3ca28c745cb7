import assert from "node:assert/strict";
import { utimesSync } from "node:fs";
import { after, before, test } from "node:test";
import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell, type Ran } from "./cells";
import { limits, measureLatency } from "./latency";
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

const run = (code: string): Promise<Ran> => runCell(kernel, code);

test("variables, shorthand properties and results across cells", async () => {
  await run("const a = 1; let b = 2");
  assert.equal((await run("const both = { a, b }; both")).result, "{ a: 1, b: 2 }");
  assert.equal((await run("b = 5; ({ a, b })")).result, "{ a: 1, b: 5 }");
  await run("({ b } = { b: 7 })");
  assert.equal((await run("b")).result, "7");
  await run("({ b = 9 } = {} as { b?: number })");
  assert.equal((await run("b")).result, "9");
  assert.equal((await run("undefined")).result, undefined);
});

test("execute_input comes first and results carry the count", async () => {
  const { messages, reply } = await run("40 + 2");
  assert.deepEqual(
    messages.map(({ header }) => header.msg_type),
    ["execute_input", "execute_result"],
  );
  assert.equal(messages[1].content.execution_count, reply.execution_count);
});

test("await at the top in all its forms", async () => {
  assert.equal((await run("await (async () => 3)()")).result, "3");
  assert.equal(
    (await run("let sum = 0; for await (const n of [Promise.resolve(1), Promise.resolve(2)]) sum += n; sum")).result,
    "3",
  );
  assert.equal((await run("(async () => 'waited for')()")).result, "'waited for'");
});

test("an error names the cell and the line as written, and the cell after it runs", async () => {
  const failed = await run(
    "interface Point {\n  x: number;\n}\n\nfunction boom(point: Point): void {\n  throw new Error(`bad ${point.x}`);\n}\nboom({ x: 4 });",
  );
  const count = Number(failed.reply.execution_count);
  assert.equal(failed.reply.status, "error");
  assert.equal(failed.reply.evalue, "bad 4");
  assert.match(failed.traceback, new RegExp(`at boom \\(cell \\[${count}\\]:6:9\\)\\n +at cell \\[${count}\\]:8:1$`));
  assert.match(failed.traceback, /> 6 \| {3}throw new Error/);
  assert.ok(
    failed.messages.some(({ header }) => header.msg_type === "error"),
    "an error output",
  );
  assert.equal((await run("'alive'")).result, "'alive'");
});

test("a failed cell keeps what it reached, and earlier values of what it did not", async () => {
  await run("let kept = 'old'; let other = 'old'");
  const { reply } = await run("let other = 'new';\nthrow new Error('half-way');\nlet kept = 3;");
  assert.equal(reply.status, "error");
  assert.equal((await run("kept.length + other")).result, "'3new'");
});

test("requests on their way when a cell fails are answered as aborted, later ones run", async () => {
  const [failed, queued] = await Promise.all([run("throw new Error('first')"), run("'queued'")]);
  assert.equal(failed.reply.status, "error");
  assert.equal(queued.reply.status, "aborted");
  assert.equal((await run("'sent afterwards'")).result, "'sent afterwards'");
});

test("types are checked, with the place and nothing run", async () => {
  const { reply, traceback } = await run("console.log('must not run');\nconst n: number = 'text';");
  assert.equal(reply.ename, "TypeScriptError");
  assert.match(traceback, /:2:7 - Type 'string' is not assignable to type 'number'/);
});

test("the library: types and lines of lib/*.ts, from the notebook's own folder", async () => {
  const wrong = await run('import { sha256 } from "../../../lib/core/hash";\nsha256(5)');
  assert.match(wrong.traceback, /:2:8 - Argument of type 'number' is not assignable/);
  const failed = await run(
    'import { valuesOf } from "../../../lib/core/state";\nvaluesOf({ layout: [], values: new Float32Array(1) }, "none")',
  );
  assert.match(failed.traceback, /at valuesOf \(lib\/core\/state\.ts:\d+:\d+\)/);
  const source = (await import("node:fs")).readFileSync(`${__dirname}/../../lib/core/state.ts`, "utf8").split("\n");
  const line = Number(/state\.ts:(\d+)/.exec(failed.traceback)?.[1]);
  assert.match(source[line - 1], /throw new RangeError/);
});

test("an edit of a file that an imported file imports is seen, by values and by types, when the import cell runs again", async () => {
  folder.write("deep.ts", "export const deep = 1;\n");
  folder.write("near.ts", 'import { deep } from "./deep";\nexport const near = () => deep;\n');
  const cell = 'import { near } from "./near";\nnear()';
  assert.equal((await run(cell)).result, "1");
  const edited = folder.write("deep.ts", 'export const deep = "edited";\n');
  const later = new Date(Date.now() + 5000);
  utimesSync(edited, later, later);
  assert.equal((await run(cell)).result, "'edited'");
  assert.equal((await run("const text: string = near(); text.length")).result, "6");
  assert.match((await run('import { late } from "./late"')).traceback, /Cannot find module/);
  folder.write("late.ts", "export const late = 8;\n");
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
  for (const [name, content] of Object.entries(files)) folder.write(`node_modules/awaiting/${name}`, content);
  const own = await run('import { value } from "awaiting"; value');
  assert.equal(own.result, "11", own.traceback);
});

test("rejections and timers that nobody handles fail the cell they strike", async () => {
  const rejected = await run("Promise.reject(new Error('nobody listens')); 1");
  assert.equal(rejected.reply.evalue, "nobody listens");
  await run("setTimeout(() => { throw new Error('too late') }, 200)");
  const next = await run("await new Promise((resolve) => setTimeout(resolve, 400)); 1");
  assert.equal(next.reply.evalue, "too late");
  assert.equal((await run("1")).reply.status, "ok");
});

test("stop ends a synchronous loop and a wait, and the variables stay", async () => {
  await run("const before = 'kept'");
  for (const code of ["for (;;) {}", "await new Promise(() => undefined)"]) {
    const stopped = run(code);
    setTimeout(() => kernel.interrupt(), 400);
    assert.equal((await stopped).reply.ename, "Interrupted", code);
  }
  assert.equal((await run("before")).result, "'kept'");
});

test("stop lets work that listens wind down by itself", async () => {
  await run('import { onInterrupt } from "../../../lib/notebook/on-interrupt"');
  const stopped = run(
    "let on = true; onInterrupt(() => { on = false });\nwhile (on) await new Promise((resolve) => setTimeout(resolve, 20));\n'wound down'",
  );
  setTimeout(() => kernel.interrupt(), 400);
  assert.equal((await stopped).result, "'wound down'");
});

test("completion and inspection know the library and the variables", async () => {
  await run('import { sha256 } from "../../../lib/core/hash"; const some_variable = 3');
  const { matches } = await kernel.request("complete_request", { code: "some_v", cursor_pos: 6 });
  assert.deepEqual(matches, ["some_variable"]);
  const code = "'😀'; sha256";
  const inspected = await kernel.request("inspect_request", { code, cursor_pos: 9, detail_level: 0 });
  assert.match((inspected.data as Record<string, string>)["text/plain"], /SHA-256 of text or bytes/);
});

test("Tab and Shift-Tab: names of the door, members, fields of options; documentation of library and cell", async () => {
  await run(
    'import * as door from "../../../lib/notebook";\nimport { experiment, table } from "../../../lib/notebook";',
  );
  await run("/** How many hospitals take part. */\nconst hospitals = 6;\nconst sizes = [1, 2];");
  const complete = async (code: string): Promise<string[]> =>
    (await kernel.request("complete_request", { code, cursor_pos: code.length })).matches as string[];
  assert.deepEqual(await complete("door.sli"), ["slices"]);
  assert.ok((await complete("sizes.for")).includes("forEach"));
  assert.deepEqual(await complete("hospi"), ["hospitals"]);
  assert.deepEqual(await complete("table([{ a: 1 }], { capt"), ["caption"]);

  // What each completion is: JupyterLab and VS Code show it beside the name.
  await run(
    'import { strict } from "node:assert"; class Site {}\nenum Sex { Female }\nfunction plain() {}\nconst arrow = () => 1;\nlet changing = 1;',
  );
  const kindOf = async (code: string, name: string): Promise<unknown> => {
    const { metadata, matches, cursor_start, cursor_end } = await kernel.request("complete_request", {
      code,
      cursor_pos: Array.from(code).length,
    });
    const typed = (
      metadata as { _jupyter_types_experimental: { text: string; type: string; start: number; end: number }[] }
    )._jupyter_types_experimental;
    assert.deepEqual(
      typed.map(({ text }) => text),
      matches,
      "in the order of the matches",
    );
    const found = typed.find(({ text }) => text === name);
    assert.deepEqual([found?.start, found?.end], [cursor_start, cursor_end]);
    return found?.type;
  };
  const kinds = {
    "door.sli": "slices",
    expe: "experiment",
    hospi: "hospitals",
    chang: "changing",
    arr: "arrow",
    "'😀'; pla": "plain",
    Sit: "Site",
    Sex: "Sex",
    "Sex.F": "Female",
    doo: "door",
    "sizes.for": "forEach",
    "sizes.len": "length",
    awa: "await",
    "let x: Par": "Partial",
  };
  const named = await Promise.all(Object.entries(kinds).map(([code, name]) => kindOf(code, name)));
  assert.deepEqual(named, [
    "function",
    "function",
    "constant",
    "variable",
    "function",
    "function",
    "class",
    "enum",
    "enumMember",
    "module",
    "method",
    "property",
    "keyword",
    "interface",
  ]);

  const inspect = async (code: string, at: string): Promise<string> => {
    const { data } = await kernel.request("inspect_request", {
      code,
      cursor_pos: code.indexOf(at) + 1,
      detail_level: 0,
    });
    return (data as Record<string, string>)["text/plain"] ?? "";
  };
  assert.match(
    await inspect("experiment('x')", "experiment"),
    /Runs what is missing of an experiment, with curves while it runs/,
  );
  assert.match(await inspect("hospitals + 1", "hospitals"), /hospitals: (6|number)\n\nHow many hospitals take part\./);
  const { found } = await kernel.request("inspect_request", { code: "   ", cursor_pos: 1, detail_level: 0 });
  assert.equal(found, false);
});

test("restart: the kernel answers, goes, and leaves its place to a fresh one", async () => {
  const old = await startKernelClient(folder.path);
  await runCell(old, "const gone = 1");
  const pid = Number((await runCell(old, "process.pid")).result);
  const { status, restart } = await old.request("shutdown_request", { restart: true });
  assert.deepEqual([status, restart], ["ok", true]);
  await assert.rejects(runCell(old, "new Promise(() => undefined)"), /the kernel died \(exit code 0\)/);
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
  await old.close();
  const fresh = await startKernelClient(folder.path);
  assert.match((await runCell(fresh, "gone")).traceback, /Cannot find name 'gone'/);
  await fresh.close();
});

test("outputs are complete and in order, also from a synchronous loop", async () => {
  const { stdout } = await run("for (let i = 0; i < 3000; i++) console.log(i)");
  assert.equal(stdout.split("\n").length, 3001);
  assert.ok(stdout.endsWith("2999\n"));
});

test("ready within 4 s, trivial cells within 150 ms before and after the library and TensorFlow.js are imported", async (context) => {
  const measured = await measureLatency(folder.path, "../../../lib/notebook");
  context.diagnostic(
    Object.entries(measured)
      .map(([name, time]) => `${name} ${time.toFixed(0)} ms`)
      .join(", "),
  );
  for (const name of Object.keys(limits) as (keyof typeof limits)[])
    assert.ok(measured[name] < limits[name], `${name}: ${measured[name]} ms, not below ${limits[name]}`);
});
