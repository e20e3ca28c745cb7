import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FromWorker, ToWorker } from "../../../lib/lab/execute/messages";

/** A worker without an engine that is killed, as for memory, while others are at work beside it; with seed 3 always. */
const send = (message: FromWorker) => process.send?.(message);
process.on("message", (message: ToWorker) => {
  if (message.type === "start") return send({ type: "ready" });
  if (message.type !== "job") return;
  const { job, folder } = message;
  const mark = join(folder, String(process.pid));
  writeFileSync(mark, "");
  setTimeout(() => {
    const crowded = readdirSync(folder).length > 1;
    rmSync(mark);
    if (crowded || job.seed === 3) process.kill(process.pid, "SIGKILL");
    else send({ type: "done", wallSeconds: 0 });
  }, 1000);
});
process.on("disconnect", () => process.exit(0));
