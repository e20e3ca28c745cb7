import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exportModel } from "../../lib/hospital/export";
import { writeSafeTensors, type StoredTensor } from "../../lib/io/safetensors";
import { openGoldenCase } from "../golden-cases/golden-case";
import { lacks, python } from "../notebook/jupyter/test-venv";

const folder = mkdtempSync(join(tmpdir(), "iopfl-onnx-"));
after(() => rmSync(folder, { recursive: true }));
const inside = (name: string) => join(folder, name);

test("onnxruntime runs the exported network and gives the logits of PyTorch", { skip: lacks("onnxruntime") }, () => {
  const oracle = openGoldenCase(join(__dirname, "../golden"), "unet");
  const entries = oracle.keys("state/").map((key): [string, StoredTensor] => [key.slice(6), oracle.tensor(key)]);
  writeFileSync(inside("oracle.safetensors"), writeSafeTensors(entries));
  const to = inside("model.onnx");
  const first = exportModel({ models: inside("oracle.safetensors"), profile: "quick" }, "global", to);
  const input = oracle.tensor("input");
  writeFileSync(inside("images.bin"), input.data as Float32Array);
  const args = [to, inside("images.bin"), inside("logits.bin"), ...input.shape.map(String)];
  const printed = execFileSync(python, [join(__dirname, "run-onnx.py"), ...args], { encoding: "utf8" });
  const shape = printed.trim().split(" ").map(Number);
  assert.deepEqual(shape, oracle.tensor("logits_eval").shape);
  const { buffer } = Uint8Array.from(readFileSync(inside("logits.bin")));
  oracle.compare("logits", new Float32Array(buffer), oracle.tensor("logits_eval").data as Float32Array, "logits_eval");
  assert.deepEqual([oracle.report().comparisons, oracle.report().failures], [1, []]);
  assert.deepEqual(exportModel({ models: inside("oracle.safetensors"), profile: "quick" }, "global", to), first);
});
