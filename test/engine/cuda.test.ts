import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { missingLibraries } from "../../lib/engine/install/cuda";

/** Two lines as glibc's ldconfig prints them. */
const cache = `2 libs found in cache \`/etc/ld.so.cache'
\tlibcuda.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libcuda.so.1
\tlibcudnn.so.8 (libc6,x86-64) => /usr/local/cuda/lib64/libcudnn.so.8
`;

test("what TensorFlow's GPU build asks for is named with its version where the loader would not find it", () => {
  const folder = mkdtempSync(join(tmpdir(), "cuda-"));
  try {
    const all = missingLibraries([], "");
    assert.equal(all.length, 12);
    writeFileSync(join(folder, "libcudart.so.12"), "");
    const missing = missingLibraries([folder], cache);
    assert.equal(missing.length, 10);
    assert.ok(!missing.some((line) => /^libcud(a|art)\.so/.test(line)));
    assert.ok(missing.includes("libcudnn.so.9 (cuDNN >= 9.3.0.75, < 10)"), "another major version does not count");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
