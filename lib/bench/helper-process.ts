import { rmSync } from "node:fs";
import { describeError } from "../core/errors";
import { startEngine } from "../engine";
import type { FromWorker, ToWorker, WorkMessage } from "../lab/execute/messages";
import { serveWork } from "../lab/execute/serve-work";
import { roundSpec } from "./prepare-round";
import type { Task } from "./task";

/** A helper of the measured round, as `lab/worker.ts` is one of a job's. */
let exchange: string | undefined;
const send = (message: FromWorker) => process.send?.(message);

async function handle(message: ToWorker | WorkMessage<Task>): Promise<void> {
  if (message.type === "start") {
    ({ exchange } = message);
    await startEngine(message.engine, { threads: message.threads });
    send({ type: "ready" });
  } else if (message.type === "work") await serveWork(roundSpec(message.of as Task), message.file, send);
}

let last: Promise<void> = Promise.resolve();
process.on("message", (message: ToWorker | WorkMessage<Task>) => {
  last = last
    .then(() => handle(message))
    .catch((error: unknown) => void send({ type: "failed", message: describeError(error), interrupted: false }));
});
process.on("disconnect", () => {
  if (exchange !== undefined) rmSync(exchange, { recursive: true, force: true });
  process.exit(0);
});
