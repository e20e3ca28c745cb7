import type { EngineName } from "../engine";
import { runIopfl } from "./iopfl-process";
import type { Runner } from "./side";

/** Building the report page, as the command line does, from the records of one experiment, which are made first if they are missing. */
export async function startReport(
  { experiment, profile }: { readonly experiment: string; readonly profile: string },
  engine: EngineName,
  signal: AbortSignal,
): Promise<Runner> {
  await runIopfl(["run", experiment, "--profile", profile, "--engine", engine], signal);
  const build = () => runIopfl(["report", "--profile", profile], signal);
  await build();
  return {
    facts: { version: process.version, device: "CPU", threads: 1, check: [] },
    async repeat(samples) {
      const seconds: number[] = [];
      for (let i = 0; i < samples; i++) seconds.push(await build());
      return { seconds, cpuSeconds: NaN };
    },
    end: async () => ({ peakMegabytes: NaN }),
    kill: () => undefined,
  };
}
