import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FromWorker, ToWorker } from "../../../lib/lab/execute/messages";

/** A worker without an engine that fails as it is told by the seed of its job, or by a file while it starts. */
const send = (message: FromWorker) => process.send?.(message);
process.on("message", (message: ToWorker) => {
  if (message.type === "start") {
    const mark = join(process.env.IOPFL_WORK ?? "", "kill-next-start");
    if (!existsSync(mark)) return send({ type: "ready" });
    rmSync(mark);
    process.kill(process.pid, "SIGKILL");
    return;
  }
  if (message.type === "helpers" || message.type === "work") return;
  const { job, folder } = message;
  if (job.seed === 1 && job.kind === "federation")
    return send({ type: "failed", message: "Error: no luck\n    at a line", interrupted: false });
  const mark = join(folder, job.id);
  if (job.seed === 2 && job.kind === "federation" && !existsSync(mark)) {
    writeFileSync(mark, "");
    process.kill(process.pid, "SIGKILL");
  }
  if (job.seed === 3 && job.kind === "federation") process.exit(9);
  send({ type: "done", wallSeconds: 0 });
});
process.on("disconnect", () => process.exit(0));
