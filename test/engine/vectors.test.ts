import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { batchTests } from "../../lib/cli/test-batches";
import { probeTensorflow } from "../../lib/engine";
import { loadTypescript } from "../../lib/core/load-typescript";

const compiled = probeTensorflow().addon === "compiled";
const skip = !compiled && "the addon that is compiled here is not in place: npm run setup";

for (const vectors of ["avx2", "none"]) {
  test(
    `convolutions as a processor computes them that has ${vectors === "none" ? "no AVX2" : "AVX2 and no AVX-512"}`,
    { skip },
    () => {
      const names = [
        "mixed-convolution",
        "tiled-convolution",
        "block-convolution",
        "fused-convolution",
        "kernels",
        "kinks",
        "objective-kernels",
        "gate",
        "softmax",
      ];
      const files = batchTests(names.map((name) => `test/engine/${name}.test.ts`));
      const { status, stdout } = spawnSync(process.execPath, [...loadTypescript, "--test", ...files], {
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, IOPFL_VECTORS: vectors },
        encoding: "utf8",
      });
      assert.equal(status, 0, stdout);
      assert.match(stdout, /# pass [1-9]\d+\n# fail 0\n/);
    },
  );
}
