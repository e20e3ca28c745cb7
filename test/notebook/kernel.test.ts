import assert from "node:assert/strict";
import { test } from "node:test";
import { startKernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell } from "./cells";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;

test("execute_input comes first and results carry the count", async () => {
  const { messages: all, reply } = await run("40 + 2");
  // A line of progress is there where loading takes long.
  const messages = all.filter(({ content }) => !/the library( is|:)/.test(JSON.stringify(content)));
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

test("stop ends a synchronous loop and a wait, and the variables stay", async () => {
  await run("const before = 'kept'");
  for (const code of ["for (;;) {}", "await new Promise(() => undefined)"]) {
    const stopped = run(code);
    setTimeout(() => bench.kernel().interrupt(), 400);
    assert.equal((await stopped).reply.ename, "Interrupted", code);
  }
  assert.equal((await run("before")).result, "'kept'");
});

test("stop lets work that listens wind down by itself", async () => {
  await run('import { onInterrupt } from "../../../lib/notebook/on-interrupt"');
  const stopped = await runCell(
    bench.kernel(),
    // It says so behind its first wait: a press that met the script itself would end that.
    "let on = true; onInterrupt(() => { on = false }); setTimeout(() => console.log('listens'), 20);\nwhile (on) await new Promise((resolve) => setTimeout(resolve, 20));\n'wound down'",
    ({ header }) => header.msg_type === "stream" && bench.kernel().interrupt(),
  );
  assert.equal(stopped.result, "'wound down'", stopped.traceback);
});

test("restart: the kernel answers, goes, and leaves its place to a fresh one", async () => {
  const old = await startKernelClient(bench.folder.path);
  await runCell(old, "const gone = 1");
  const pid = Number((await runCell(old, "process.pid")).result);
  const { status, restart } = await old.request("shutdown_request", { restart: true });
  assert.deepEqual([status, restart], ["ok", true]);
  await assert.rejects(runCell(old, "new Promise(() => undefined)"), /the kernel died \(exit code 0\)/);
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
  await old.close();
  const fresh = await startKernelClient(bench.folder.path);
  assert.match((await runCell(fresh, "gone")).traceback, /Cannot find name 'gone'/);
  await fresh.close();
});
