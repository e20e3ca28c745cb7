import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FromWorker, ToWorker } from "../../../lib/lab/execute/messages";

/**
 * A worker without an engine. Seed 1 is killed, as for memory, when three are at work, and the others go on until that was told (a file
 * `told`), so that it does not depend on the machine's speed who was at work then; seed 3 is always killed.
 */
const send = (message: FromWorker) => process.send?.(message);
process.on("message", (message: ToWorker) => {
  if (message.type === "start") return send({ type: "ready" });
  if (message.type !== "job") return;
  const { job, folder } = message;
  const told = () => existsSync(join(folder, "told"));
  if (job.seed === 3) return void process.kill(process.pid, "SIGKILL");
  writeFileSync(join(folder, String(process.pid)), "");
  setInterval(() => {
    if (told()) send({ type: "done", wallSeconds: 0 });
    else if (job.seed === 1 && readdirSync(folder).length === 3) process.kill(process.pid, "SIGKILL");
  }, 20);
});
process.on("disconnect", () => process.exit(0));
