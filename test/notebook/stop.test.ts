import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell, type Ran } from "./cells";
import { temporaryFolder } from "./make-notebook";

const folder = temporaryFolder();
let kernel: KernelClient;

before(async () => {
  kernel = await startKernelClient(folder.path);
  await runCell(kernel, "const sleep = () => new Promise((resolve) => setTimeout(resolve, 20));");
});
after(async () => {
  await kernel.close();
  folder.remove();
});

const run = (code: string): Promise<Ran> => runCell(kernel, code);
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Runs a cell and presses stop a moment after it has printed something. */
async function stopOnceRunning(code: string): Promise<Ran & { readonly seconds: number }> {
  let pressed = 0;
  const ran = await runCell(kernel, code, ({ header }) => {
    if (header.msg_type !== "stream" || pressed > 0) return;
    pressed = performance.now();
    setTimeout(() => kernel.interrupt(), 50);
  });
  assert.ok(pressed > 0, ran.traceback);
  return { ...ran, seconds: (performance.now() - pressed) / 1000 };
}

test("a loop that awaits is over after stop: nothing of it goes on in the background", async () => {
  await run("let steps = 0;");
  await run(
    "async function work(): Promise<void> {\n  for (;;) {\n    await sleep();\n    steps++;\n    if (steps === 3) console.log('three');\n  }\n}",
  );
  const { reply } = await stopOnceRunning("await work();");
  assert.equal(reply.ename, "Interrupted");
  const counted = Number((await run("steps")).result);
  await wait(150);
  assert.equal(Number((await run("steps")).result), counted);
});

test("what a stopped cell started without waiting for it ends as well, without a word", async () => {
  await run("let ticks = 0; void 0;");
  await stopOnceRunning(
    "void (async () => { for (;;) { await sleep(); ticks++; } })();\nconsole.log('started');\nawait new Promise(() => undefined);",
  );
  await wait(60);
  const counted = Number((await run("ticks")).result);
  await wait(100);
  const { reply, result } = await run("ticks");
  assert.deepEqual([reply.status, Number(result)], ["ok", counted]);
});

test("errors that pass through an await still name the line of the cell", async () => {
  const { traceback, reply } = await run(
    "const fail = async () => {\n  await sleep();\n  throw new Error('later');\n};\n\nawait fail();",
  );
  const count = Number(reply.execution_count);
  assert.match(
    traceback,
    new RegExp(`Error: later\\n[^]*at fail \\(cell \\[${count}\\]:3:9\\)\\n +at async cell \\[${count}\\]:6:1`),
  );
});

test("model.fit stops after the current batch, and leaves no tensors beyond those of its model", async (context) => {
  await run('import * as tf from "@tensorflow/tfjs";');
  await run(`const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const [x, y] = [tf.randomNormal([64, 4]), tf.randomNormal([64, 1])];
await model.fit(x, y, { epochs: 1, verbose: 0 });
let epochs = 0;
const before = tf.memory().numTensors;`);
  const { reply, seconds } = await stopOnceRunning(
    "await model.fit(x, y, { epochs: 100000, verbose: 0, callbacks: { onEpochEnd: () => { epochs++; if (epochs === 2) console.log('two'); } } });",
  );
  assert.equal(reply.ename, "Interrupted");
  context.diagnostic(`${seconds.toFixed(2)} s after stop`);
  const counted = (await run("[epochs, tf.memory().numTensors - before]")).result;
  await wait(200);
  assert.equal((await run("[epochs, tf.memory().numTensors - before]")).result, counted);
  assert.match(counted ?? "", /, 0 \]$/);
  const again = await run("(await model.fit(x, y, { epochs: 1, verbose: 0 })).epoch.length");
  assert.equal(again.result, "1", again.traceback);
});

test("a stop that is still winding down does not reach the next cell", async () => {
  await run('import { onInterrupt } from "../../../lib/notebook/on-interrupt"');
  const { result } = await stopOnceRunning(
    "let on = true; onInterrupt(() => { on = false });\nconsole.log('on');\nwhile (on) await sleep();\n'ended by itself'",
  );
  assert.equal(result, "'ended by itself'");
  assert.equal((await run("await sleep(); 'next'")).result, "'next'");
});

test("presses aimed at the instant at which a cell begins to wait reach it, and nothing goes on behind it", async (context) => {
  await run("let turns = 0; void 0;");
  // The first await needs no timer: Node's setTimeout, ended half-way by such a press, forgets every timer of the same length from then on.
  const cell = `console.log("on");
{ const start = performance.now(); while (performance.now() - start < 3); }
await undefined;
for (let i = 0; i < 20; i++) { await sleep(); turns++; }
"ended by itself"`;
  const presses = 60;
  let lost = 0;
  for (let press = 0; press < presses; press++) {
    let pressed = false;
    const { reply } = await runCell(kernel, cell, ({ header }) => {
      if (header.msg_type !== "stream" || pressed) return;
      pressed = true;
      const aim = performance.now() + 1.5 + (2 * press) / presses;
      while (performance.now() < aim);
      kernel.interrupt();
    });
    if (reply.ename !== "Interrupted") lost++;
  }
  context.diagnostic(`${lost} of ${presses} presses were lost`);
  // Node forgets a press in some ten of these two thousand microseconds.
  assert.ok(lost <= 3, `${lost} of ${presses} presses were lost`);
  const counted = Number((await run("turns")).result);
  await wait(100);
  assert.equal(Number((await run("turns")).result), counted);
});

test("stop reaches listeners that a cell adds to SIGINT, and a press before a cell starts is not for it", async () => {
  const heard = await stopOnceRunning(
    "let heard = 0; process.once('SIGINT', () => { heard++; });\nconsole.log('waits');\nawait new Promise(() => undefined);",
  );
  assert.equal(heard.reply.ename, "Interrupted");
  assert.equal((await run("heard")).result, "1");
  kernel.interrupt();
  // On a busy machine a signal takes its time: the press has to be over before the cell starts.
  await wait(1000);
  assert.equal((await run("await sleep(); 'not stopped'")).result, "'not stopped'");
});
