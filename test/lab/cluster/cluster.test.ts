import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { readShard } from "../../../lib/lab/plan/shard";
import { slurmMissing, startSlurm } from "../support/slurm-cluster";
import { createBench, type Bench } from "../support/small-experiment";
import { comesTrue } from "../../support/patience";

const small = ["--profile", "small", "--engine", "wasm"];
const sharded = withMoreRounds(createBench({ JOB_COMPLETIONS: "2" }));
after(() => sharded.remove());

/** Jobs that last seconds: something must still be going on when a worker is killed and a task requeued. */
function withMoreRounds(bench: Bench): Bench {
  const profile = join(bench.configs, "profiles", "small.yaml");
  writeFileSync(profile, readFileSync(profile, "utf8").replace("rounds: 3", "rounds: 25"));
  return bench;
}

test("a shard is what --shard says, then Slurm, then Kubernetes, else everything", () => {
  const slurm = { SLURM_ARRAY_TASK_ID: "7", SLURM_ARRAY_TASK_MIN: "5", SLURM_ARRAY_TASK_COUNT: "4" };
  const kubernetes = { JOB_COMPLETION_INDEX: "3", JOB_COMPLETIONS: "8" };
  assert.deepEqual(readShard("1/2", { ...slurm, ...kubernetes }), { index: 1, count: 2 });
  assert.deepEqual(readShard(undefined, { ...slurm, ...kubernetes }), { index: 2, count: 4 });
  assert.deepEqual(readShard(undefined, kubernetes), { index: 3, count: 8 });
  assert.deepEqual(readShard(undefined, {}), { index: 0, count: 1 });
  for (const bad of ["2/2", "1", "-1/2", "a/b", "0/0"])
    assert.throws(() => readShard(bad, {}), /is no shard; write i\/n/, bad);
  assert.throws(() => readShard(undefined, { JOB_COMPLETION_INDEX: "3" }), /"3\/" is no shard/);
});

test("two workers with completion indices, as Kubernetes starts them, share an experiment", async () => {
  const outputs = await Promise.all(
    ["0", "1"].map((index) => sharded.iopfl(["work", "inside", ...small], { env: { JOB_COMPLETION_INDEX: index } })),
  );
  const computed = outputs.map(({ code, output }) => {
    assert.equal(code, 0, output);
    return Number(output.match(/inside: (\d+) jobs computed by worker \d of 2; \d of 3 are done/)?.[1]);
  });
  assert.equal(computed[0] + computed[1], 3, "none lost, none done twice");
  assert.ok(computed[0] > 0 && computed[1] > 0, `${computed}`);
  assert.equal(Object.keys(sharded.records("inside")).length, 3);
});

test(
  "a real Slurm runs an array; a worker killed and a task requeued in the middle resume to the same bytes",
  { skip: slurmMissing() },
  async () => {
    const slurm = await startSlurm();
    const bench = withMoreRounds(createBench(slurm.env));
    const submit = () => bench.iopfl(["run", "inside", ...small, "--slurm", "--workers", "2"]);
    const status = async () => (await bench.iopfl(["status", ...small])).output;
    try {
      const submitted = await submit();
      assert.equal(submitted.code, 0, submitted.output);
      const [, array] =
        submitted.output.match(/inside: Slurm array (\d+) of 2 tasks, then report \d+/) ??
        assert.fail(submitted.output);
      const claims = await atWork(bench.work, 2);
      const log = (name: string) => {
        const path = join(bench.work, "slurm", "small", "inside", name);
        return existsSync(path) ? readFileSync(path, "utf8") : "";
      };
      const logs = () => ["task-0.log", "task-1.log", "report.log"].map((name) => `${name}:\n${log(name)}`).join("\n");
      const taskOf = (pid: number) =>
        readFileSync(`/proc/${pid}/environ`, "utf8").match(/SLURM_ARRAY_TASK_ID=(\d+)/)?.[1];
      process.kill(
        (claims.find(({ pid }) => taskOf(pid) === "0") ?? assert.fail("task 0 holds no job")).pid,
        "SIGKILL",
      );
      slurm.command("scancel", "--batch", "--signal=USR1", `${array}_1`); // as Slurm does when time is nearly up: it requeues itself
      assert.match(await status(), new RegExp(`Slurm array ${array}: .*(running|pending)`));
      const refused = await submit();
      assert.match(
        refused.output,
        new RegExp(`iopfl: array ${array} of inside is still in Slurm's queue; wait for it`),
      );
      const queueEmpty = (): boolean => {
        // Left alone, Slurm waits two minutes before it starts a requeued task.
        if (slurm.command("squeue", "--noheader", "--array", "--format=%K %r").includes("1 BeginTime"))
          slurm.command("scontrol", "update", `JobId=${array}_1`, "StartTime=now");
        return slurm.command("squeue", "--noheader").trim() === "";
      };
      assert.ok(await comesTrue(queueEmpty, 60), `still queued: ${slurm.command("squeue")}\n${logs()}`);
      assert.deepEqual(bench.records("inside"), sharded.records("inside"), logs());
      assert.match(logs(), /worker ended with code 137 \(attempt 1\)/);
      assert.match(log("task-1.log"), /was interrupted[^]*are done/);
      assert.match(log("report.log"), /report/);
      assert.doesNotMatch(log("report.log"), /iopfl: /);
      assert.deepEqual(readdirSync(join(bench.work, "leases")), []);
      const after = await status();
      assert.match(after, /inside +3 of 3 jobs done, 0 running, 0 failed, 0 left/);
      assert.match(after, new RegExp(`Slurm array ${array}: no task in the queue`));
      assert.match((await submit()).output, /inside: all 3 jobs are done; nothing was submitted/);
    } finally {
      await slurm.stop();
      bench.remove();
    }
  },
);

/** Waits until so many jobs have been taken and each has finished a round. @returns who holds them */
async function atWork(work: string, count: number): Promise<{ pid: number }[]> {
  const list = (folder: string) =>
    existsSync(join(work, folder)) ? readdirSync(join(work, folder)).filter((name) => !name.endsWith(".tmp")) : [];
  const taken = (): boolean => list("leases").length >= count && list("checkpoints").length > 0;
  assert.ok(await comesTrue(taken, 30), "no job was taken");
  return list("leases").map((name) => JSON.parse(readFileSync(join(work, "leases", name), "utf8")) as { pid: number });
}
