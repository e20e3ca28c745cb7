import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { machineLimits } from "../../../lib/lab/execute/machine-limits";
import { defaultWorkers, tooFewAddresses, workerNeed } from "../../../lib/lab/execute/worker-need";
import { readProfile } from "../../../lib/records/config";

const root = mkdtempSync(join(tmpdir(), "iopfl-limits-"));
after(() => rmSync(root, { recursive: true, force: true }));
let machines = 0;
function machine(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(machines++));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
const whole = { cores: availableParallelism(), memoryMegabytes: Math.floor(totalmem() / 2 ** 20) };

test("without limits the machine is what it has", () => {
  assert.deepEqual(machineLimits({}, machine({})), whole);
  const open = {
    "proc/self/cgroup": "0::/\n",
    "sys/fs/cgroup/cpu.max": "max 100000\n",
    "sys/fs/cgroup/memory.max": "max\n",
  };
  assert.deepEqual(machineLimits({}, machine(open)), whole);
});

test("limits of control groups of both versions hold, also those of groups above; so do Slurm's and ulimit's", () => {
  const second = machineLimits(
    {},
    machine({
      "proc/self/cgroup": "0::/pod/worker\n",
      "sys/fs/cgroup/pod/memory.max": String(500 * 2 ** 20),
      "sys/fs/cgroup/pod/worker/memory.max": "max",
      "sys/fs/cgroup/pod/worker/cpu.max": "150000 100000",
    }),
  );
  assert.deepEqual(second, { cores: 1, memoryMegabytes: 500 });
  const first = machineLimits(
    {},
    machine({
      "proc/self/cgroup": "5:cpu,cpuacct:/docker/x\n4:memory:/docker/x\n",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "100000",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": String(700 * 2 ** 20),
    }),
  );
  assert.deepEqual(first, { cores: 1, memoryMegabytes: 700 });
  assert.deepEqual(machineLimits({ SLURM_CPUS_PER_TASK: "1", SLURM_MEM_PER_CPU: "900" }, machine({})), {
    cores: 1,
    memoryMegabytes: 900,
  });
  const shell = machine({
    "proc/self/limits": "Max address space         8192000000           8192000000           bytes\n",
  });
  assert.equal(machineLimits({}, shell).addressMegabytes, 7812);
});

test("what others hold of a group or of the machine is not counted on, but for pages of files", () => {
  const files = (group: string, names: readonly [limit: string, used: string]) => ({
    [`sys/fs/cgroup/${group}/${names[0]}`]: String(500 * 2 ** 20),
    [`sys/fs/cgroup/${group}/${names[1]}`]: String(300 * 2 ** 20),
    [`sys/fs/cgroup/${group}/memory.stat`]: `anon 1\ninactive_file ${50 * 2 ** 20}\nactive_file 2`,
  });
  const second = { "proc/self/cgroup": "0::/pod\n", ...files("pod", ["memory.max", "memory.current"]) };
  const first = {
    "proc/self/cgroup": "4:memory:/x\n",
    ...files("memory/x", ["memory.limit_in_bytes", "memory.usage_in_bytes"]),
  };
  for (const each of [first, second]) assert.equal(machineLimits({}, machine(each)).freeMegabytes, 250);
  const busy = machineLimits({}, machine({ "proc/meminfo": "MemFree: 1 kB\nMemAvailable:    2048000 kB\n" }));
  assert.deepEqual([busy.freeMegabytes, busy.memoryMegabytes], [2000, whole.memoryMegabytes]);
  assert.equal(defaultWorkers("wasm", readProfile("quick"), { ...busy, cores: 64, memoryMegabytes: 64_000 }), 6);
});

test("an engine that cannot have its addresses is refused by what it needs", () => {
  const limits = { cores: 1, memoryMegabytes: 64_000, addressMegabytes: 7812 };
  assert.match(
    tooFewAddresses("wasm", limits)?.message ?? "",
    /limited to 7812 MB \(ulimit -v\), and the wasm engine needs 12000; ulimit -v unlimited/,
  );
  assert.equal(tooFewAddresses("tensorflow", limits), undefined);
  assert.equal(tooFewAddresses("wasm", { ...limits, addressMegabytes: undefined }), undefined);
});

test("workers are as many as fit; the need is at least what was measured", () => {
  const at = (side: number, features: number) => ({
    ...readProfile("paper"),
    data: { ...readProfile("paper").data, side },
    net: { features },
    training: { ...readProfile("paper").training, batch: 5 },
    adaptation: { ...readProfile("paper").adaptation, batch: 5 },
  });
  assert.ok(workerNeed("tensorflow", at(384, 32)) >= 2650);
  assert.ok(workerNeed("tensorflow", at(128, 16)) >= 780);
  assert.ok(workerNeed("wasm", at(64, 8)) >= 449);
  assert.equal(defaultWorkers("tensorflow", at(384, 32), { cores: 16, memoryMegabytes: 32_000 }), 10);
  assert.equal(defaultWorkers("wasm", readProfile("quick"), { cores: 16, memoryMegabytes: 500 }), 1);
  const two = { cores: 2, memoryMegabytes: 32_000 };
  assert.equal(defaultWorkers("wasm", readProfile("quick"), two), 2);
  assert.equal(defaultWorkers("wasm", readProfile("quick"), two, { IOPFL_WORKERS: "" }), 2);
  assert.equal(
    defaultWorkers("wasm", readProfile("quick"), two, { IOPFL_WORKERS: "5" }),
    5,
    "whoever says so means it",
  );
  for (const asked of ["0", "-1", "two", "1e9"])
    assert.throws(() => defaultWorkers("wasm", readProfile("quick"), two, { IOPFL_WORKERS: asked }), {
      message: new RegExp(`^IOPFL_WORKERS is "${asked}"; give a number of workers, or leave it out$`),
    });
});
