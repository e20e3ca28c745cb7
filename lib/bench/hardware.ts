import { arch, cpus, loadavg, platform, totalmem } from "node:os";

/** The machine as results name it: no host, no user, no path. */
export interface Hardware {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly platform: string;
  readonly node: string;
}

export function describeHardware(): Hardware {
  const processors = cpus();
  return {
    processor: processors[0]?.model.replace(/\s+/g, " ").trim() ?? "unknown",
    cores: processors.length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}-${arch()}`,
    node: process.version,
  };
}

/** @returns what files of this machine's results are called: `amd-epyc-7b13-2-cores` */
export function hardwareName({ processor, cores }: Hardware): string {
  const words = processor.toLowerCase().replace(/\((r|tm)\)|processor|cpu|@.*$/g, " ");
  return `${words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}-${cores}-cores`;
}

/** How many processes wanted to run in the last minute: above the benchmark's own threads, others were at work. */
export const loadAverage = (): number => Math.round(10 * loadavg()[0]) / 10;
