import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { command, createBench } from "../support/small-experiment";

// A queue that only takes note: what it is given is then run here, as Slurm would run it.
const bench = createBench();
const [direct, programs] = [createBench(), join(bench.work, "..", "programs")];
mkdirSync(programs);
const program = (name: string, text: string) =>
  writeFileSync(join(programs, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
program("sbatch", `echo "$@" >> '${programs}/submitted'; echo 4$(wc -l < '${programs}/submitted')`);
program("squeue", "exit 0");
const env = { PATH: `${programs}:${process.env.PATH}` };
after(() => [bench, direct].forEach((each) => each.remove()));

const small = ["--profile", "small", "--engine", "wasm"];
const submit = (...args: string[]) => bench.iopfl(["run", "outside", ...small, "--slurm", ...args], { env });
const task = (name: string, index: number, count: number) =>
  spawnSync("bash", [join(bench.work, "slurm", "small", name, "array.sh")], {
    env: {
      ...bench.env,
      ...env,
      SLURM_ARRAY_JOB_ID: "41",
      SLURM_ARRAY_TASK_ID: String(index),
      SLURM_ARRAY_TASK_MIN: "0",
      SLURM_ARRAY_TASK_COUNT: String(count),
    },
    encoding: "utf8",
  });

test("--only goes to the cluster: the array works off the jobs that were asked for, to the same bytes", async () => {
  const submitted = await submit("--workers", "2", "--only", "site=HK", "seed=0");
  assert.equal(submitted.code, 0, submitted.output);
  assert.match(submitted.output, /outside: Slurm array 41 of 2 tasks, then report 42/);
  assert.match(
    readFileSync(join(programs, "submitted"), "utf8"),
    /^--parsable --chdir=.* --array=0-1 .*array\.sh\n--parsable --chdir=.* --dependency=afterany:41 .*report\.sh\n$/,
  );
  for (const index of [0, 1]) {
    const { status, stdout, stderr } = task("outside", index, 2);
    assert.equal(status, 0, stdout + stderr);
  }
  const alone = await direct.iopfl(["run", "outside", ...small, "--only", "site=HK", "seed=0"]);
  assert.equal(alone.code, 0, alone.output);
  assert.deepEqual(bench.records("outside"), direct.records("outside"));
  assert.deepEqual(Object.keys(bench.records("outside")), [
    "federation.without-HK.seed0.json",
    "global.HK.seed0.json",
    "iop-fl.HK.seed0.json",
  ]);
  assert.match((await submit("--only", "site=HK")).output, /all 2 jobs are done; nothing was submitted/);
  assert.match(
    (await submit("--only", "colour=red")).output,
    /iopfl: unknown property "colour" in --only; use method=, variant=, site=, seed=\n$/,
  );
});

test("no directive holds a path: folders may have spaces, quotes and percent signs in their names", () => {
  const folder = join(bench.work, "..", `my "work" 100 %a`);
  const script = readFileSync(join(bench.work, "slurm", "small", "outside", "array.sh"), "utf8");
  for (const line of script.split("\n").filter((text) => text.startsWith("#SBATCH")))
    assert.match(line, /^#SBATCH --[a-z-]+(=[\w.:@%-]+)?$/);
  cpSync(bench.configs, join(folder, "configs"), { recursive: true });
  const own = { IOPFL_WORK: join(folder, "work"), IOPFL_RESULTS: join(folder, "results") };
  const there = { ...bench.env, ...env, ...own, IOPFL_CONFIGS: join(folder, "configs") };
  const only = ["--only", "method=fedavg"];
  const submitted = spawnSync(process.execPath, [command, "run", "inside", ...small, "--slurm", ...only], {
    env: there,
    encoding: "utf8",
  });
  assert.equal(submitted.status, 0, submitted.stderr);
  // As Slurm runs it: in the folder of --chdir, without the environment of whoever submitted it.
  const queue = join(folder, "work", "slurm", "small", "inside");
  const { status, stderr } = spawnSync("bash", [join(queue, "array.sh")], {
    cwd: queue,
    env: { PATH: env.PATH, SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_COUNT: "1" },
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  assert.ok(existsSync(join(folder, "results", "small", "inside", "fedavg.seed0.json")));
});

test("--snapshots goes to the cluster: its array is of the plan with the snapshots' models", async () => {
  const folder = join(bench.work, "snapshots", "HK");
  mkdirSync(folder, { recursive: true });
  const golden = join(__dirname, "../../golden/checkpoint/unet_zip.pth");
  for (const name of ["fedavg_global_round9", "fedavg_idx_0_round8", "fedavg_idx_1_round7"])
    writeFileSync(join(folder, name), readFileSync(golden));
  const submitted = await submit("--snapshots", folder);
  assert.equal(submitted.code, 0, submitted.output);
  const { status, stdout, stderr } = task("outside.snapshots", 0, 1);
  assert.equal(status, 0, stdout + stderr);
  assert.deepEqual(Object.keys(bench.records("outside.snapshots")), ["global.HK.seed0.json", "iop-fl.HK.seed0.json"]);
  const seen = await bench.iopfl(["status", ...small], { env });
  assert.match(seen.output, /Slurm array \d+ \(from snapshots\): no task in the queue/);
});
