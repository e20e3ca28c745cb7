import { ownExecutor, type ClientSpec } from "../../federation/client/client-work";
import type { FromWorker, HelperSpent } from "./messages";
import { readWork, writeTrained } from "./work-files";

/**
 * A helper's part: does the client's work that lies in a file, leaves a trained client in its place, and says how it went.
 * @throws Interrupted when the signal is aborted, WorkbenchError when the file is missing or damaged
 */
export async function serveWork(
  spec: ClientSpec,
  file: string,
  send: (message: FromWorker) => void,
  signal?: AbortSignal,
): Promise<void> {
  const started = process.cpuUsage();
  const spent = (): HelperSpent => {
    const { user, system } = process.cpuUsage(started);
    return { cpuSeconds: (user + system) / 1e6, peakMegabytes: process.resourceUsage().maxRSS / 1024 };
  };
  const executor = ownExecutor(spec);
  const work = readWork(file);
  if (work.kind === "evaluation") {
    const evaluation = await executor.evaluate(work, { signal });
    return send({ type: "evaluated", evaluation, spent: spent() });
  }
  writeTrained(file, await executor.train(work, { signal, onBatch: () => send({ type: "batch" }) }));
  send({ type: "trained", spent: spent() });
}
