import assert from "node:assert/strict";
import { test } from "node:test";
import { runCell, type Ran } from "./cells";
import { useKernel } from "./use-kernel";

const bench = useKernel();
const { run } = bench;

/** Runs a cell and presses stop once it has printed something and had time to get into its loop. */
function stopInLoop(code: string): Promise<Ran> {
  let pressed = false;
  return runCell(bench.kernel(), code, ({ header }) => {
    if (header.msg_type !== "stream" || pressed) return;
    pressed = true;
    setTimeout(() => bench.kernel().interrupt(), 300);
  });
}

test("one press stops loops that await without ever leaving the queue of microtasks", async () => {
  await run("const kept = 'kept'; async function* endless() { while (true) yield 1 }");
  for (const code of [
    "console.log(1); while (true) { await 0 }",
    "console.log(1); for await (const v of endless()) void v;",
    "console.log(1); for await (const v of (function* () { while (true) yield 1 })()) void v;",
    "console.log(1); async function* chain() { yield* endless() } for await (const v of chain()) void v;",
  ]) {
    assert.equal((await stopInLoop(code)).reply.ename, "Interrupted", code);
    assert.equal((await run("kept")).result, "'kept'", code);
  }
});

test("and loops that no await of a cell is part of: after an await, in a timer, in promises, in an imported file", async () => {
  bench.folder.write("helper.ts", "export async function spin(): Promise<void> {\n  for (;;) await 0;\n}\n");
  await run('import { spin } from "./helper"; const timers: number[] = [];');
  for (const code of [
    "await new Promise((go) => setTimeout(go, 10)); console.log(1); for (;;) {}",
    "setTimeout(() => { for (;;) {} }, 20); console.log(1); await new Promise(() => undefined)",
    "const again = (): Promise<void> => Promise.resolve().then(again); console.log(1); await again()",
    "console.log(1); await spin()",
  ]) {
    assert.equal((await stopInLoop(code)).reply.ename, "Interrupted", code);
    const next = await run("await new Promise((go) => setTimeout(go, 30)); [kept, await Promise.resolve(2)]");
    assert.equal(next.result, "[ 'kept', 2 ]", code);
  }
});

test("while a loop awaits, the kernel answers and prints", async () => {
  let answered = false;
  const loop = runCell(bench.kernel(), "console.log(1); while (true) { await 0 }", ({ header }) => {
    if (header.msg_type !== "stream") return;
    void bench
      .kernel()
      .request("kernel_info_request")
      .then(() => {
        answered = true;
        bench.kernel().interrupt();
      });
  });
  assert.equal((await loop).reply.ename, "Interrupted");
  assert.ok(answered);
});

test("stop while modules load leaves none of them half made", async () => {
  const files = {
    "slow.ts": "export { last } from './middle';\n",
    "middle.ts": "export const early = 1;\nexport { last } from './late-loading';\nexport { once } from './whole';\n",
    "whole.ts": "export const once = {};\n",
    "late-loading.ts":
      "const until = Date.now() + 1500;\nwhile (!(globalThis as any).fast && Date.now() < until);\nexport const last = 'loaded';\n",
  };
  for (const [name, text] of Object.entries(files)) bench.folder.write(name, text);
  const importing = runCell(bench.kernel(), 'import { last } from "./slow"; last', ({ header }) => {
    if (header.msg_type === "execute_input") setTimeout(() => bench.kernel().interrupt(), 500);
  });
  assert.equal((await importing).reply.ename, "Interrupted");
  await run("(globalThis as any).fast = true");
  const again = await run('import { last } from "./slow"; import { early } from "./middle"; [last, early]');
  assert.equal(again.result, "[ 'loaded', 1 ]", again.traceback);
});
