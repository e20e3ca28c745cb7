import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../lib/notebook/wire";
import { mostPrinted } from "../../lib/notebook/kernel/streams";
import { runCell } from "./cells";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const streams = (messages: readonly Message[]) => messages.filter(({ header }) => header.msg_type === "stream");

/** Runs a cell, and another one while what the first has left behind is still to come. @returns what arrived for each */
async function leaveBehind(code: string): Promise<{ first: Message[]; second: Message[]; status: unknown }> {
  const [first, second]: Message[][] = [[], []];
  await runCell(bench.kernel(), code, (message) => first.push(message));
  const next = await runCell(bench.kernel(), "await new Promise((go) => setTimeout(go, 900)); 2", (message) =>
    second.push(message),
  );
  await wait(100);
  return { first, second, status: next.reply.status };
}

test("late output stands under the cell that started it", async () => {
  const { first, second } = await leaveBehind("setTimeout(() => console.log('from the first'), 300); 1");
  assert.deepEqual(
    streams(first).map(({ content }) => content.text),
    ["from the first\n"],
  );
  assert.deepEqual(streams(second), []);
});

test("what a finished cell throws late is its own error and fails no other cell", async () => {
  for (const code of [
    "setTimeout(() => { throw new Error('late') }, 300); 1",
    "void new Promise((go) => setTimeout(go, 300)).then(() => { throw new Error('late') }); 1",
  ]) {
    const { first, second, status } = await leaveBehind(code);
    const [error] = first.filter(({ header }) => header.msg_type === "error");
    assert.equal(error?.content.evalue, "late", code);
    assert.match((error.content.traceback as string[]).join("\n"), /left behind by cell \[\d+\]/);
    assert.deepEqual([status, second.some(({ header }) => header.msg_type === "error")], ["ok", false]);
  }
});

test("rejections and timers that nobody handles fail the cell that still runs", async () => {
  const rejected = await run("Promise.reject(new Error('nobody listens')); 1");
  assert.equal(rejected.reply.evalue, "nobody listens");
  const thrown = await run(
    "setTimeout(() => { throw new Error('too late') }, 50); await new Promise((go) => setTimeout(go, 300)); 1",
  );
  assert.equal(thrown.reply.evalue, "too late");
  assert.equal((await run("1")).reply.status, "ok");
});

test("outputs are complete and in order, lines printed together travel together", async () => {
  const { stdout, messages } = await run("for (let i = 0; i < 20000; i++) console.log(i)");
  assert.equal(stdout.split("\n").length, 20_001);
  assert.ok(stdout.endsWith("19999\n"));
  assert.ok(streams(messages).length < 500, `${streams(messages).length} messages`);
  const mixed = await run("console.log(1); console.error(2); console.log(3); console.log(4)");
  const texts = streams(mixed.messages).map(({ content }) => `${content.name}: ${content.text}`);
  assert.equal(texts.join("").replaceAll("stdout: 4", "4"), "stdout: 1\nstderr: 2\nstdout: 3\n4\n");
});

test("what one cell prints is bounded, and says so", async () => {
  const { stdout } = await run("const line = 'x'.repeat(999); for (let i = 0; i < 20000; i++) console.log(line)");
  assert.ok(stdout.length < mostPrinted + 200, `${stdout.length} characters`);
  assert.match(stdout.slice(-200), /\[cut here: a cell shows at most \d+ million characters\]\n$/);
  assert.equal((await run("console.log('next')")).stdout, "next\n");
});

test("a value that cannot be shown, and an error that cannot be read, fail their cell; the next one runs", async () => {
  for (const code of [
    "({ voxels: new Float32Array(10), shape: [3, 4, 5], spacing: [1, 1, 1] })",
    '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("no") } })',
    'const e = new Error("x"); Object.defineProperty(e, "stack", { get() { throw new Error("no") } }); throw e',
    "throw new Proxy({}, { get() { throw new Error('no') }, has() { throw new Error('no') } })",
  ]) {
    assert.equal((await run(code)).reply.status, "error", code);
    assert.equal((await run("1 + 1")).result, "2", code);
  }
});

test("what child processes write to an inherited output stands in the cell", async () => {
  await run('import { execFileSync, execSync, spawn, spawnSync } from "node:child_process";');
  assert.equal((await run('spawnSync("echo", ["one"], { stdio: "inherit" }).status')).stdout, "one\n");
  assert.equal((await run('execSync("echo two; echo three >&2", { stdio: "inherit" })')).stdout, "two\n");
  assert.equal((await run('execFileSync("echo", ["four"], { encoding: "utf8" })')).result, "'four\\n'");
  const code =
    'const child = spawn("sh", ["-c", "sleep 0.2; echo five"], { stdio: ["ignore", "inherit", "pipe"] });\nawait new Promise((ended) => child.on("close", ended))';
  assert.equal((await run(code)).stdout, "five\n");
});

test("who reads stdin is told that there is none", async () => {
  const asked = await run(
    'import { createInterface } from "node:readline/promises";\nawait createInterface({ input: process.stdin, output: process.stdout }).question("name? ")',
  );
  assert.match(String(asked.reply.evalue), /a notebook has no stdin/);
  assert.equal((await run('import { readFileSync } from "node:fs"; readFileSync(0, "utf8")')).result, "''");
});

test("console.trace shows an object and the cell's frames alone; a cell works in the notebook's folder", async () => {
  const { messages } = await run("function area() {\n  console.trace({ a: 1 });\n}\narea()");
  const [, count] = /at area \(cell \[(\d+)\]/.exec(String(streams(messages)[0].content.text)) ?? [];
  assert.equal(
    String(streams(messages)[0].content.text),
    `Trace: { a: 1 }\n    at area (cell [${count}]:2:11)\n    at cell [${count}]:4:1\n`,
  );
  assert.equal((await run("process.cwd()")).result, `'${bench.folder.path}'`);
});
