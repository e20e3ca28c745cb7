import type { FromWorker, ToWorker } from "../../../lib/lab/execute/messages";

/** A worker that does nothing, to measure everything around it. */
const send = (message: FromWorker) => process.send?.(message);
process.on("message", ({ type }: ToWorker) =>
  send(type === "start" ? { type: "ready" } : { type: "done", wallSeconds: 0 }),
);
process.on("disconnect", () => process.exit(0));
