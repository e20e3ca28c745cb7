import assert from "node:assert/strict";
import { test } from "node:test";
import { overruledSettings, pinnedEnvironment, probeTensorflow } from "../../lib/engine";
import { createBench } from "../lab/support/small-experiment";

/** What clusters, shells and users set for other programs, or to be faster. */
const shell = {
  TF_NUM_INTRAOP_THREADS: "2",
  TF_NUM_INTEROP_THREADS: "2",
  TF_ENABLE_ONEDNN_OPTS: "0",
  ONEDNN_MAX_CPU_ISA: "AVX2",
  DNNL_MAX_CPU_ISA: "SSE41",
  OMP_NUM_THREADS: "2",
  KMP_AFFINITY: "compact",
  MKL_NUM_THREADS: "2",
  OPENBLAS_NUM_THREADS: "2",
  TF_XLA_FLAGS: "--tf_xla_auto_jit=2",
  XLA_FLAGS: "--xla_cpu_enable_fast_math=true",
  TF_DETERMINISTIC_OPS: "0",
  NVIDIA_TF32_OVERRIDE: "1",
};
/** What moves none, and stays. */
const harmless = {
  TF_CLI_CONFIG_FILE: "terraform.rc",
  TF_CPP_MIN_LOG_LEVEL: "0",
  LANG: "de_DE.UTF-8",
  LC_ALL: "tr_TR.UTF-8",
  TZ: "Asia/Kolkata",
  UV_THREADPOOL_SIZE: "2",
};

test("a process that computes jobs has our settings, whatever the shell says, and the shell's where they move nothing", () => {
  const env = pinnedEnvironment({ ...shell, ...harmless, PATH: "/bin" });
  assert.deepEqual(env, {
    ...harmless,
    PATH: "/bin",
    TF_ENABLE_ONEDNN_OPTS: "1",
    TF_NUM_INTRAOP_THREADS: "1",
    TF_NUM_INTEROP_THREADS: "1",
    OMP_NUM_THREADS: "1",
  });
});

test("what is overruled is named, what says the same is not", () => {
  const names = overruledSettings({ ...shell, ...harmless }).map((each) => each.split("=")[0]);
  assert.deepEqual(names, Object.keys(shell).sort());
  assert.deepEqual(overruledSettings({ OMP_NUM_THREADS: "1", TF_ENABLE_ONEDNN_OPTS: "1" }), []);
});

const skip = probeTensorflow().addon !== "compiled" && "the addon that is compiled here is not in place: npm run setup";

for (const engine of ["wasm", "tensorflow"] as const)
  test(
    `records of ${engine} are the same, ids and all, under settings that move bits elsewhere`,
    { skip: engine === "tensorflow" && skip },
    async () => {
      const all = [];
      for (const more of [{}, { ...shell, ...harmless, NODE_OPTIONS: "--max-old-space-size=3000" }]) {
        const bench = createBench(more);
        try {
          const { code, output } = await bench.iopfl(["run", "inside", "--profile", "small", "--engine", engine]);
          assert.equal(code, 0, output);
          const said = output.match(/counts for nothing/g)?.length ?? 0;
          assert.equal(said, "OMP_NUM_THREADS" in more ? 1 : 0, output);
          all.push(bench.records("inside"));
        } finally {
          bench.remove();
        }
      }
      assert.equal(Object.keys(all[0]).length, 3);
      assert.deepEqual(all[1], all[0]);
    },
  );
