import { join } from "node:path";
import { projectRoot } from "../records/paths";
import { startKernelClient } from "../notebook/runner/kernel-client";
import type { Runner } from "./side";

const trivialCells = 5;

/** The notebook kernel with the workbench imported: how long a trivial cell takes from the request to the kernel being idle again. */
export async function startKernelLatency(): Promise<Runner> {
  const started = performance.now();
  const kernel = await startKernelClient(join(projectRoot, "notebooks"));
  const readySeconds = (performance.now() - started) / 1000;
  const run = async (code: string): Promise<void> => {
    const { status } = await kernel.request("execute_request", { code, silent: false, stop_on_error: true });
    if (status !== "ok") throw new Error(`the kernel did not run ${code}: ${status}`);
  };
  await run('import { show, table, figure } from "../lib/notebook"');
  for (let cell = 0; cell < trivialCells; cell++) await run(`${cell} + 1`);
  return {
    facts: { version: `ready after ${readySeconds.toFixed(2)} s`, device: "CPU", threads: 1, check: [] },
    async repeat(samples) {
      const seconds: number[] = [];
      for (let i = 0; i < samples; i++) {
        const before = performance.now();
        await run(`${i} + 1`);
        seconds.push((performance.now() - before) / 1000);
      }
      return { seconds, cpuSeconds: NaN };
    },
    async end() {
      await kernel.close();
      return { peakMegabytes: NaN };
    },
    kill: () => void kernel.close(),
  };
}
