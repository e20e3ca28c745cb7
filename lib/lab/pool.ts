import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { EngineName } from "../engine";
import type { FromWorker, ToWorker } from "./messages";
import { projectRoot } from "./paths";
import type { Job } from "./jobs";

export interface PoolOptions {
  readonly engine: EngineName;
  readonly workers: number;
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onMessage: (job: Job, message: FromWorker) => void;
}

export interface Failure {
  readonly job: Job;
  readonly message: string;
  readonly interrupted: boolean;
}

/** Runs jobs in worker processes, the most costly ready job first; a failing job stops only the jobs that need it. */
export async function runPool(jobs: readonly Job[], options: PoolOptions): Promise<Failure[]> {
  const waiting = [...jobs].sort((a, b) => b.cost - a.cost);
  const unfinished = new Set(jobs.map((job) => job.id));
  const failures: Failure[] = [];
  const failed = new Set<string>();
  let wake: (() => void)[] = [];
  const settle = () => {
    wake.forEach((resume) => resume());
    wake = [];
  };

  const next = async (): Promise<Job | undefined> => {
    for (;;) {
      if (options.signal?.aborted || waiting.length === 0) return undefined;
      const blocked = waiting.findIndex((job) => job.kind === "adaptation" && failed.has(job.federation.id));
      if (blocked >= 0) {
        const [job] = waiting.splice(blocked, 1);
        fail(job, `needs ${(job as Extract<Job, { kind: "adaptation" }>).federation.name}, which failed`, false);
        continue;
      }
      const ready = waiting.findIndex((job) => job.kind === "federation" || !unfinished.has(job.federation.id));
      if (ready >= 0) return waiting.splice(ready, 1)[0];
      await new Promise<void>((resolve) => wake.push(resolve));
    }
  };
  const fail = (job: Job, message: string, interrupted: boolean) => {
    failures.push({ job, message, interrupted });
    failed.add(job.id);
    unfinished.delete(job.id);
    settle();
  };
  const work = async (): Promise<void> => {
    let worker: WorkerHandle | undefined;
    try {
      for (let job = await next(); job; job = await next()) {
        worker ??= await startWorker(options);
        const current = job;
        const outcome = await worker.run({ type: "job", job: current, folder: options.folder }, (message) => options.onMessage(current, message));
        if (outcome.type === "failed") {
          fail(current, outcome.message, outcome.interrupted);
          if (!worker.alive()) worker = undefined;
        } else {
          unfinished.delete(current.id);
          settle();
        }
      }
    } finally {
      worker?.stop();
      settle();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.workers, jobs.length) }, work));
  return failures;
}

interface WorkerHandle {
  run(message: ToWorker, onMessage: (message: FromWorker) => void): Promise<Extract<FromWorker, { type: "done" | "failed" | "ready" }>>;
  alive(): boolean;
  stop(): void;
}

async function startWorker({ engine, signal }: PoolOptions): Promise<WorkerHandle> {
  // One engine thread for each worker: for networks of this size two processes of one thread finish more than one of two.
  const child: ChildProcess = fork(join(__dirname, "worker.ts"), [], { cwd: projectRoot, execArgv: ["-r", "ts-node/register/transpile-only"], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  const messages = keepMessages(child);
  const abort = () => child.kill("SIGINT");
  signal?.addEventListener("abort", abort);
  const handle: WorkerHandle = {
    run: (message, onMessage) =>
      new Promise((resolve) => {
        const finish = (outcome: Extract<FromWorker, { type: "done" | "failed" | "ready" }>) => {
          child.off("message", listen);
          child.off("exit", died);
          resolve(outcome);
        };
        const listen = (answer: FromWorker) => (answer.type === "progress" || answer.type === "warning" ? onMessage(answer) : finish(answer));
        const died = (code: number | null, by: string | null) => finish({ type: "failed", message: `the worker process ended (${by ?? `exit code ${code}`})${messages()}`, interrupted: signal?.aborted ?? false });
        child.on("message", listen);
        child.on("exit", died);
        child.send(message);
      }),
    alive: () => child.connected && child.exitCode === null,
    stop() {
      signal?.removeEventListener("abort", abort);
      if (child.connected) child.disconnect();
    },
  };
  const started = await handle.run({ type: "start", engine, threads: 1 }, () => undefined);
  if (started.type === "failed") throw new Error(started.message);
  return handle;
}

/** TensorFlow's own banner lines, which say nothing about a job. */
const noise = /absl::InitializeLog|oneDNN custom operations|cpu_feature_guard|rebuild TensorFlow/;

/** Passes on what a worker writes to stderr, less TensorFlow's banner. @returns its last lines, for the message of a worker that died */
function keepMessages(child: ChildProcess): () => string {
  const last: string[] = [];
  if (child.stderr) {
    createInterface(child.stderr).on("line", (line) => {
      if (noise.test(line) || line.trim() === "") return;
      last.splice(0, last.length - 4);
      last.push(line);
      process.stderr.write(`${line}\n`);
    });
  }
  return () => (last.length > 0 ? `: ${last.join(" | ")}` : "");
}
