/** Import this before anything of lib/records: records, work and configurations then lie in a folder of the test's own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";
import type { Provenance, RunRecord } from "../../lib/records/schema";

const folder = mkdtempSync(join(tmpdir(), "iopfl-report-"));
process.env.IOPFL_WORK = join(folder, "work");
process.env.IOPFL_RESULTS = join(folder, "results");
process.env.IOPFL_CONFIGS = join(folder, "configs");
process.env.IOPFL_RELEASES = join(folder, "released");
cpSync(resolve(__dirname, "../../configs"), process.env.IOPFL_CONFIGS, { recursive: true });

after(() => rmSync(folder, { recursive: true, force: true }));

/** Where the records of an experiment lie, at the profile quick. */
export const place = (experiment: string, ...more: string[]) => join(folder, "results", "quick", experiment, ...more);

export function writeConfig(kind: "experiments" | "tasks", id: string, text: string): void {
  writeFileSync(join(folder, "configs", kind, `${id}.yaml`), text);
}

/** Leaves one experiment to be reported, or those that are committed. */
export function onlyExperiment(id?: string, text = ""): void {
  const experiments = join(folder, "configs", "experiments");
  rmSync(experiments, { recursive: true });
  if (id === undefined) cpSync(resolve(__dirname, "../../configs/experiments"), experiments, { recursive: true });
  else {
    mkdirSync(experiments);
    writeConfig("experiments", id, text);
  }
}

/** Writes a record and how it came about. */
export function writeRecord(experiment: string, name: string, record: RunRecord, more: Partial<Provenance> = {}): void {
  mkdirSync(place(experiment, "provenance"), { recursive: true });
  const provenance: Provenance = {
    id: record.id,
    finished: "2026-11-26T10:00:00.000Z",
    wallSeconds: 60,
    cpuSeconds: 60,
    peakMemoryMegabytes: 100,
    engine: { name: "cpu", version: "1", threads: 1, device: "CPU" },
    node: "v20",
    platform: "linux-x64",
    processor: "p",
    cores: 2,
    memoryGigabytes: 8,
    commit: "abc",
    ...more,
  };
  writeFileSync(place(experiment, `${name}.json`), JSON.stringify(record));
  writeFileSync(place(experiment, "provenance", `${name}.json`), JSON.stringify(provenance));
}

export const removeRecords = () => rmSync(join(folder, "results"), { recursive: true, force: true });
