import { rmSync } from "node:fs";
import { describeError, Interrupted } from "../../core/errors";
import { startEngine, type Engine, type EngineName } from "../../engine";
import { openHelperPool } from "./helper-pool";
import { openInputs } from "../jobs/job-inputs";
import type { FromWorker, JobPlace, ToWorker, WorkMessage } from "./messages";
import { codeVersion, describeRun, startClock } from "../jobs/provenance";
import { clientSpec } from "../jobs/run-federation";
import { finishJob, runJob } from "../jobs/run-job";
import { runPrediction } from "../jobs/run-prediction";
import { serveWork } from "./serve-work";
import { startWorker } from "./start-worker";

/**
 * One worker process: starts its engine once, then runs the jobs it is sent, one after the other. TensorFlow runs in processes and
 * never in worker threads: loading its addon in two threads at once corrupts memory.
 */
const stop = new AbortController();
const inputs = openInputs();
let engine: Engine | undefined;
let closePool: () => void = () => undefined;
/** Of the code that this process has loaded, whatever is committed while it runs: asked for once, at its first job. */
let commit: string | undefined;
/** How many helpers a job may have. */
let lent = { job: "", count: 0 };
/** Where the work lies that this process does as a helper. */
let exchange: string | undefined;

/** How long a job runs before it is worth the start of another process, in milliseconds. */
const patience = Number(process.env.IOPFL_HELP_AFTER ?? 5000);

const send = (message: FromWorker) => process.send?.(message);

async function handle(message: ToWorker): Promise<void> {
  if (message.type === "helpers") return;
  if (message.type === "start") {
    engine = await startEngine(message.engine, { threads: message.threads });
    send({ type: "ready" });
    return;
  }
  if (!engine) throw new Error("a job came before the engine was started");
  const { job, folder } = message.type === "work" ? message.of : message;
  const sites = inputs.sitesOf(job, folder);
  if (message.type === "work") {
    if (job.kind !== "federation") throw new Error(`${job.name} has no clients`);
    return serveWork(clientSpec(job, sites), message.file, send, stop.signal);
  }
  const clock = startClock();
  if (message.type === "predict") {
    await runPrediction(job, message.site, sites, { signal: stop.signal });
    send({ type: "done", wallSeconds: clock.spent().wallSeconds });
    return;
  }
  commit ??= codeVersion();
  const started = performance.now();
  const pool = openHelperPool({
    start: (exchange) => startWorker({ engine: job.numerics.engine as EngineName, signal: stop.signal, exchange }),
    warn,
  });
  closePool = pool.close;
  const record = await runJob(job, sites, {
    signal: stop.signal,
    onProgress: (done, total, round) => send({ type: "progress", done, total, round }),
    warn,
    clock,
    helpers(own) {
      pool.allow(performance.now() - started < patience || lent.job !== job.id ? 0 : lent.count);
      return pool.executors({
        own,
        message: (file): WorkMessage<JobPlace> => ({ type: "work", of: { job, folder }, file }),
        onSpent: clock.add,
      });
    },
  }).finally(pool.close);
  const provenance = describeRun(job.id, engine, clock, commit);
  finishJob(job, record, provenance);
  send({ type: "done", wallSeconds: provenance.wallSeconds });
}

const warn = (text: string) => void send({ type: "warning", message: text });

let last: Promise<void> = Promise.resolve();
process.on("message", (message: ToWorker) => {
  if (message.type === "helpers") lent = message;
  if (message.type === "start") ({ exchange } = message);
  last = last
    .then(() => handle(message))
    .catch((error: unknown) => {
      send({ type: "failed", message: describeError(error), interrupted: error instanceof Interrupted });
    });
});
// Ctrl-C reaches every process of the terminal: the job stops after the current batch, finished rounds stay checkpointed.
process.on("SIGINT", () => stop.abort());
process.on("SIGTERM", () => stop.abort());
process.on("disconnect", () => process.exit(0));
process.on("exit", () => {
  closePool();
  // Whoever gave this process its work may have been killed.
  if (exchange !== undefined) rmSync(exchange, { recursive: true, force: true });
});
