import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { probeTensorflow, type EngineName } from "../../lib/engine";
import { loadTypescript } from "../../lib/core/load-typescript";

/** What a process with this environment says that it computes with. */
function named(engine: EngineName, env: NodeJS.ProcessEnv = {}): string {
  const print = `process.stdout.write(require("./lib/engine").arithmeticOf(${JSON.stringify(engine)}))`;
  return execFileSync(process.execPath, [...loadTypescript, "-e", print], {
    encoding: "utf8",
    env: { ...process.env, IOPFL_VECTORS: "", ...env },
  });
}

test("each engine has an arithmetic of its own, with the versions of its libraries", () => {
  const names = (["wasm", "cpu", "webgpu", "tensorflow"] as const).map((engine) => named(engine));
  assert.equal(new Set(names).size, 4);
  for (const name of names) assert.match(name, /tfjs-core \d+\.\d+\.\d+, /);
});

const skip = probeTensorflow().addon !== "compiled" && "the addon that is compiled here is not in place: npm run setup";

test("the width of the registers is no other arithmetic, to leave our loops out is", { skip }, () => {
  const own = named("tensorflow");
  assert.match(own, /addon [0-9a-f]{16}, /);
  assert.equal(named("tensorflow", { IOPFL_VECTORS: "avx2" }), own);
  assert.notEqual(named("tensorflow", { IOPFL_VECTORS: "none" }), own);
});
