import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { EngineName } from "../engine";
import { readExperiment } from "../records/config";
import { provenanceSchema } from "../records/schema";
import { benchPlaces, runIopfl } from "./iopfl-process";
import type { Runner } from "./side";

/** A whole experiment, as the command line runs it, from the phantom on the disk, which is written before, to the last record. */
export async function startExperiment(
  { experiment, profile }: { readonly experiment: string; readonly profile: string },
  engine: EngineName,
  workers: number,
  signal: AbortSignal,
): Promise<Runner> {
  await runIopfl(["data", "phantom", readExperiment(experiment).task, "--profile", profile], signal);
  let peakMegabytes = NaN;
  return {
    facts: { version: engine, device: "CPU", threads: 1, check: [] },
    async repeat(samples) {
      const seconds: number[] = [];
      for (let i = 0; i < samples; i++) {
        forgetResults();
        seconds.push(
          await runIopfl(
            ["run", experiment, "--profile", profile, "--engine", engine, "--workers", String(workers)],
            signal,
          ),
        );
        peakMegabytes = Math.max(peakMegabytes || 0, peakOf(profile, experiment));
      }
      return { seconds, cpuSeconds: NaN };
    },
    end: async () => ({ peakMegabytes }),
    kill: () => undefined,
  };
}

/** Everything but the phantom. */
function forgetResults(): void {
  rmSync(benchPlaces.IOPFL_RESULTS, { recursive: true, force: true });
  if (!existsSync(benchPlaces.IOPFL_WORK)) return;
  for (const name of readdirSync(benchPlaces.IOPFL_WORK)) {
    if (name !== "data") rmSync(join(benchPlaces.IOPFL_WORK, name), { recursive: true, force: true });
  }
}

/** Of the largest worker. */
function peakOf(profile: string, experiment: string): number {
  const folder = join(benchPlaces.IOPFL_RESULTS, profile, experiment, "provenance");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return Math.max(
    ...files.map(
      (file) => provenanceSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))).peakMemoryMegabytes,
    ),
  );
}
