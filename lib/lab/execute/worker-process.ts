import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { pinnedEnvironment } from "../../engine";
import { describeDeath, watchPeak } from "./worker-death";
import type { FromWorker, Outcome, ToWorker, WorkMessage } from "./messages";
import { configFolder, projectRoot, workFolder } from "../../records/paths";
import { resultsFolder } from "../../records/paths";
import { loadTypescript } from "../../core/load-typescript";

export interface WorkerProcess {
  /** Sends one message and waits for the answer that ends it. Several may be under way: they are answered in order. */
  run(message: ToWorker | WorkMessage<unknown>, onMessage: (message: FromWorker) => void): Promise<Outcome>;
  /** Sends a message that is not answered. */
  tell(message: ToWorker): void;
  alive(): boolean;
  /** @returns the most memory that it has been seen with, where the system tells */
  peakMegabytes(): number | undefined;
  stop(): void;
}

/** Starts a process that runs jobs. TensorFlow runs in processes and never in worker threads, which its addon does not survive. */
export function startProcess(script: string, signal: AbortSignal | undefined): WorkerProcess {
  // Its current folder is the project, whatever ours is: relative places would be others there.
  const places = { IOPFL_WORK: workFolder, IOPFL_RESULTS: resultsFolder(), IOPFL_CONFIGS: configFolder };
  const env = { ...pinnedEnvironment(process.env), ...places };
  const child = fork(script, [], {
    cwd: projectRoot,
    env,
    execArgv: [...loadTypescript],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const waiting: { readonly onMessage: (message: FromWorker) => void; readonly finish: (outcome: Outcome) => void }[] =
    [];
  const lastLines = passOnLines(child, (line) => waiting[0]?.onMessage({ type: "output", line }));
  const died = (code: number | null, by: string | null) => {
    const death = describeDeath(by ?? `exit code ${code}`, lastLines());
    for (const { finish } of waiting.splice(0)) finish({ ...death, interrupted: signal?.aborted ?? false });
  };
  const peakMegabytes = watchPeak(child);
  child.on("message", (answer: FromWorker) => {
    if (isOutcome(answer)) waiting.shift()?.finish(answer);
    else waiting[0]?.onMessage(answer);
  });
  child.on("exit", died);
  const abort = () => child.kill("SIGINT");
  signal?.addEventListener("abort", abort);
  return {
    run: (message, onMessage) =>
      new Promise((finish) => {
        waiting.push({ onMessage, finish });
        if (child.exitCode !== null || child.signalCode !== null) died(child.exitCode, child.signalCode);
        else child.send(message, (error) => error && child.kill());
      }),
    tell: (message) => void (child.connected && child.send(message, () => undefined)),
    peakMegabytes,
    alive: () => child.connected && child.exitCode === null,
    stop() {
      signal?.removeEventListener("abort", abort);
      if (child.connected) child.disconnect();
    },
  };
}

const outcomes: readonly string[] = ["ready", "done", "trained", "evaluated", "failed"] satisfies Outcome["type"][];
const isOutcome = (message: FromWorker): message is Outcome => outcomes.includes(message.type);

/** TensorFlow's own banner lines, which say nothing about a job. */
const noise = /absl::InitializeLog|oneDNN custom operations|cpu_feature_guard|rebuild TensorFlow/;

/** Passes on what a worker writes to stderr, less TensorFlow's banner. @returns its last lines, for the message of a worker that died */
function passOnLines(child: ChildProcess, onLine: (line: string) => void): () => string {
  const last: string[] = [];
  if (child.stderr) {
    createInterface(child.stderr).on("line", (line) => {
      if (noise.test(line) || line.trim() === "") return;
      last.splice(0, last.length - 4);
      last.push(line);
      onLine(line);
    });
  }
  return () => last.join(" | ");
}
