import type { EngineName } from "../../engine";
import { readProfile, type Profile } from "../../records/config";
import type { FoundRecord } from "../../records/found";
import { readOwnRecords } from "../../records/read";
import type { RunRecord } from "../../records/schema";
import { runApart } from "./run-apart";

interface WholeRunOptions {
  readonly profile: string;
  readonly engine: EngineName;
  readonly signal?: AbortSignal;
  /** When it is stopped, on the clock of `performance.now()`. */
  readonly until: number;
}

/** @returns one job of a release, computed anew; nothing when the time was over before */
export async function wholeRun(
  id: string,
  record: RunRecord,
  { profile, engine, signal, until }: WholeRunOptions,
): Promise<FoundRecord | undefined> {
  const time = AbortSignal.timeout(Math.max(1, until - performance.now()));
  const stop = signal ? AbortSignal.any([signal, time]) : time;
  const site = `site=${record.kind === "adaptation" ? record.heldOut : record.sites.join()}`;
  const variant = record.variant === undefined ? [] : [`variant=${record.variant}`];
  const only = [`method=${record.method}`, `seed=${record.seed}`, site, ...variant];
  const one: Profile = { ...readProfile(profile), seeds: [record.seed] };
  return runApart(async ({ results, iopfl }) => {
    await iopfl(["run", id, "--profile", profile, "--engine", engine, "--quiet", "--only", ...only], stop);
    const found = readOwnRecords(profile, id, results).records;
    return found.find((each) => each.record.question === record.question);
  }, one);
}
