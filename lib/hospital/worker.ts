import { describeError, Interrupted } from "../core/errors";
import { startEngine } from "../engine";
import type { FromWorker, ToWorker, WorkMessage } from "../lab/execute/messages";
import type { SegmentRequest } from "./request";
import { segment } from "./segment";

/** A process with one engine that segments the images it is told of, and ends with whoever started it. */
const stop = new AbortController();
const send = (message: FromWorker) => process.send?.(message);

async function handle(message: ToWorker | WorkMessage<SegmentRequest>): Promise<void> {
  if (message.type === "start") {
    await startEngine(message.engine, { threads: message.threads });
    send({ type: "ready" });
  }
  if (message.type !== "work") return;
  const started = performance.now();
  await segment(message.of as SegmentRequest, {
    signal: stop.signal,
    onProgress: (done, total) => send({ type: "progress", done, total }),
    warn: (line) => send({ type: "warning", message: line }),
  });
  send({ type: "done", wallSeconds: (performance.now() - started) / 1000 });
}

process.on("message", (message: ToWorker | WorkMessage<SegmentRequest>) => {
  handle(message).catch((error: unknown) =>
    send({ type: "failed", message: describeError(error), interrupted: error instanceof Interrupted }),
  );
});
process.on("SIGINT", () => stop.abort());
process.on("SIGTERM", () => stop.abort());
process.on("disconnect", () => process.exit(0));
