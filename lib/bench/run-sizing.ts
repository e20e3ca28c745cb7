import type { EngineName } from "../engine";
import { readProfile, readTask } from "../records/config";
import { loadSites, prepareTask } from "../records/dataset";
import { codeVersion } from "../lab/jobs/provenance";
import { describeHardware } from "./hardware";
import { measureUnits } from "./measure-units";
import { sizeUp, type SliceCounts } from "./sizing";
import { readSizing } from "./sizing-config";
import { sizingMarkdown } from "./sizing-table";

export interface SizingOptions {
  readonly engine: EngineName;
  readonly repetitions?: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Measures the parts of all jobs at the profile's size and adds them up. @returns the page, and how many hours too many there are */
export async function runSizing({
  engine,
  repetitions,
  signal,
  log,
}: SizingOptions): Promise<{ readonly page: string; readonly hours: number; readonly allowed: number }> {
  const config = readSizing();
  const profile = readProfile(config.profile);
  const counts = Object.fromEntries(config.tasks.map((task) => [task, countSlices(task, profile, log)]));
  const units = await measureUnits(profile, {
    engine,
    cores: config.cores,
    repetitions: repetitions ?? config.repetitions,
    signal,
    onProgress: log,
  });
  const sizing = sizeUp(config, profile, counts, units);
  const page = sizingMarkdown({
    config,
    profile,
    counts,
    units,
    sizing,
    hardware: describeHardware(),
    engine,
    commit: codeVersion(),
  });
  return { page, hours: sizing.hours, allowed: config.hours };
}

function countSlices(id: string, { data }: ReturnType<typeof readProfile>, log: (line: string) => void): SliceCounts {
  const task = readTask(id);
  const { folder } = prepareTask(task, data, log);
  return Object.fromEntries(
    Array.from(loadSites(task, data, folder), ([site, { parts }]) => [
      site,
      { train: parts.train.count, validation: parts.validation.count, test: parts.test.count },
    ]),
  );
}
