import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { FromWorker, Outcome, ToWorker } from "./messages";
import { configFolder, projectRoot, workFolder } from "./paths";
import { resultsFolder } from "./records";

export interface WorkerProcess {
  /** Sends one message and waits for the answer that ends it. */
  run(message: ToWorker, onMessage: (message: FromWorker) => void): Promise<Outcome>;
  alive(): boolean;
  stop(): void;
}

/** Starts a process that runs jobs. TensorFlow runs in processes and never in worker threads, which its addon does not survive. */
export function startProcess(script: string, signal: AbortSignal | undefined): WorkerProcess {
  // Its current folder is the project, whatever ours is: relative places would be others there.
  const env = { ...process.env, IOPFL_WORK: workFolder, IOPFL_RESULTS: resultsFolder(), IOPFL_CONFIGS: configFolder };
  const child = fork(script, [], { cwd: projectRoot, env, execArgv: ["-r", "ts-node/register/transpile-only"], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let listener: (message: FromWorker) => void = () => undefined;
  const lastLines = passOnLines(child, (line) => listener({ type: "output", line }));
  const abort = () => child.kill("SIGINT");
  signal?.addEventListener("abort", abort);
  return {
    run: (message, onMessage) =>
      new Promise((resolve) => {
        listener = onMessage;
        const finish = (outcome: Outcome) => {
          child.off("message", listen);
          child.off("exit", died);
          resolve(outcome);
        };
        const listen = (answer: FromWorker) => (isOutcome(answer) ? finish(answer) : onMessage(answer));
        const died = (code: number | null, by: string | null) => {
          const text = `the worker process ended (${by ?? `exit code ${code}`})${lastLines()}`;
          finish({ type: "failed", message: text, interrupted: signal?.aborted ?? false, died: true });
        };
        child.on("message", listen);
        child.on("exit", died);
        if (child.exitCode !== null || child.signalCode !== null) died(child.exitCode, child.signalCode);
        else child.send(message, (error) => error && child.kill());
      }),
    alive: () => child.connected && child.exitCode === null,
    stop() {
      signal?.removeEventListener("abort", abort);
      if (child.connected) child.disconnect();
    },
  };
}

const isOutcome = (message: FromWorker): message is Outcome => message.type === "done" || message.type === "failed" || message.type === "ready";

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
  return () => (last.length > 0 ? `: ${last.join(" | ")}` : "");
}
