import * as tf from "@tensorflow/tfjs-core";
import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { hasWebgpu, probeTensorflow, startEngine, type EngineChoice } from "../../lib/engine";
import { loadTypescript } from "../../lib/core/load-typescript";

test("nothing of an engine is loaded before one is asked for", () => {
  const program = `require("./lib/engine"); console.log(Object.keys(require.cache).filter((file) => /tfjs-(node|backend)|tfjs.dist/.test(file)).length)`;
  const output = execFileSync(process.execPath, [...loadTypescript, "-e", program], { encoding: "utf8" });
  assert.strictEqual(output.trim(), "0");
});

test("an unknown engine and a senseless number of threads are refused in one line", async () => {
  await assert.rejects(
    startEngine("cuda" as EngineChoice),
    /unknown engine "cuda"; use one of auto, tensorflow, webgpu, wasm, cpu/,
  );
  await assert.rejects(startEngine("wasm", { threads: 0 }), /number of threads is 0/);
});

test("an engine that is not installed says how to get it", { skip: hasWebgpu() && "WebGPU is installed" }, async () => {
  await assert.rejects(startEngine("webgpu"), /WebGPU is not installed; run npx iopfl setup --webgpu/);
});

test("auto says what it chose and why", async () => {
  const engine = await startEngine("auto");
  const installed = probeTensorflow().installed;
  assert.strictEqual(engine.name, installed ? "tensorflow" : "wasm");
  assert.match(engine.why, installed ? /fastest/ : /TensorFlow engine is not installed.*WebGPU is not installed/);
  assert.strictEqual(tf.getBackend(), engine.name);
});

test("engines can take turns in one process, on one copy of TensorFlow.js", async () => {
  for (const name of ["wasm", "cpu", "wasm"] as const) {
    const engine = await startEngine(name);
    assert.strictEqual(engine.why, `${name} was asked for`);
    assert.strictEqual(tf.getBackend(), name);
    assert.deepStrictEqual(Array.from(tf.tidy(() => tf.add(tf.tensor1d([1, 2]), 1).dataSync())), [2, 3]);
  }
  const union = require("@tensorflow/tfjs") as typeof tf;
  assert.strictEqual(union.engine(), tf.engine());
});
