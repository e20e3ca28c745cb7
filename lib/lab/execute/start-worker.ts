import { join } from "node:path";
import { Interrupted, WorkbenchError } from "../../core/errors";
import type { EngineName } from "../../engine";
import type { Outcome } from "./messages";
import { tooFewAddresses } from "./worker-need";
import { startProcess, type WorkerProcess } from "./worker-process";

export interface StartOptions {
  readonly engine: EngineName;
  readonly signal?: AbortSignal;
  /** What the process runs (default: `worker.ts`). */
  readonly script?: string;
  /** Where a helper's work lies. */
  readonly exchange?: string;
}

/** @throws Interrupted when the signal was aborted, WorkbenchError when the worker cannot start */
export async function startWorker(options: StartOptions): Promise<WorkerProcess> {
  const [worker, outcome] = await tryToStart(options);
  if (options.signal?.aborted) throw new Interrupted("the start of a worker");
  if (outcome.type === "failed") throw cannotStart(options.engine, outcome.message);
  return worker;
}

/** One engine thread for each worker: for networks of this size two processes of one thread finish more than one of two. */
export async function tryToStart({
  engine,
  signal,
  script = join(__dirname, "worker.ts"),
  exchange,
}: StartOptions): Promise<[WorkerProcess, Outcome]> {
  const worker = startProcess(script, signal);
  const outcome = await worker.run({ type: "start", engine, threads: 1, exchange }, () => undefined);
  if (outcome.type === "failed" || signal?.aborted) worker.stop();
  return [worker, outcome];
}

export function cannotStart(engine: EngineName, message: string): WorkbenchError {
  const first = message.split("\n")[0];
  return (
    tooFewAddresses(engine) ??
    new WorkbenchError(`a worker cannot start ${engine}: ${first}`, "npx iopfl doctor says what is missing")
  );
}
