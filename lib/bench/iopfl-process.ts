import { spawn } from "node:child_process";
import { join } from "node:path";
import { Interrupted, WorkbenchError } from "../core/errors";
import { projectRoot, workFolder } from "../records/paths";

/** Where the benchmark runs experiments: nothing that was computed elsewhere is reused, and nothing of the user's is touched. */
const benchFolder = join(workFolder, "bench", "experiment");

/** The folders of a command that runs there. */
export const benchPlaces = { IOPFL_WORK: join(benchFolder, "work"), IOPFL_RESULTS: join(benchFolder, "results") };

/** Runs the command line in the benchmark's own folder. @returns seconds @throws WorkbenchError when it fails */
export async function runIopfl(args: readonly string[], signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(projectRoot, "lib", "cli", "iopfl.cjs"), ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...benchPlaces },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
  const stop = () => void child.kill("SIGINT");
  signal.addEventListener("abort", stop);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  signal.removeEventListener("abort", stop);
  if (signal.aborted) throw new Interrupted("the benchmark");
  if (code !== 0)
    throw new WorkbenchError(
      `iopfl ${args.join(" ")} ended with ${code}: ${words.trim().split("\n").pop()}`,
      "run it alone to see more",
    );
  return (performance.now() - started) / 1000;
}
