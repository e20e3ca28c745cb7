import { describeError, Interrupted } from "../core/errors";
import { startEngine, type Engine } from "../engine";
import { openInputs } from "./job-inputs";
import type { FromWorker, ToWorker } from "./messages";
import { describeRun, startClock } from "./provenance";
import { finishJob, runJob } from "./run-job";
import { runPrediction } from "./run-prediction";

/**
 * One worker process: starts its engine once, then runs the jobs it is sent, one after the other. TensorFlow runs in processes and
 * never in worker threads: loading its addon in two threads at once corrupts memory.
 */
const stop = new AbortController();
const inputs = openInputs();
let engine: Engine | undefined;

const send = (message: FromWorker) => process.send?.(message);

async function handle(message: ToWorker): Promise<void> {
  if (message.type === "start") {
    engine = await startEngine(message.engine, { threads: message.threads });
    send({ type: "ready" });
    return;
  }
  if (!engine) throw new Error("a job came before the engine was started");
  const { job, folder } = message;
  const sites = inputs.sitesOf(job, folder);
  if (message.type === "predict") {
    const started = performance.now();
    await runPrediction(job, message.site, sites, { signal: stop.signal });
    send({ type: "done", wallSeconds: (performance.now() - started) / 1000 });
    return;
  }
  const clock = startClock();
  const record = await runJob(job, sites, {
    signal: stop.signal,
    onProgress: (done, total, round) => send({ type: "progress", done, total, round }),
    warn: (text) => send({ type: "warning", message: text }),
    clock,
  });
  const provenance = describeRun(job.id, engine, clock);
  finishJob(job, record, provenance);
  send({ type: "done", wallSeconds: provenance.wallSeconds });
}

process.on("message", (message: ToWorker) => {
  handle(message).catch((error: unknown) => {
    send({ type: "failed", message: describeError(error), interrupted: error instanceof Interrupted });
  });
});
// Ctrl-C reaches every process of the terminal: the job stops after the current batch, finished rounds stay checkpointed.
process.on("SIGINT", () => stop.abort());
process.on("SIGTERM", () => stop.abort());
process.on("disconnect", () => process.exit(0));
