import { WorkbenchError } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { arithmeticOf, type EngineName } from "../../engine";
import { writeAtomic } from "../../io/atomic";
import { readExperiment, readProfile, readTask, type Profile } from "../../records/config";
import type { FoundRecord } from "../../records/found";
import { readOwnRecords } from "../../records/read";
import { certificatePath, certifiedName, type Certificate, type Check } from "../../records/release/certificate";
import { readManifest } from "../../records/release/manifest";
import { readReleased } from "../../records/release/released";
import { codeVersion } from "../jobs/provenance";
import { createCodeHasher } from "../identity/code-hash";
import { differenceOf } from "../identity/numerics";
import { changedFiles } from "./changed-files";
import { compareRounds, compareWhole, type Recomputed } from "./compare-records";
import { judge } from "./judge";
import { runApart } from "./run-apart";
import { shortRun } from "./short-run";

export interface CertifyOptions {
  readonly profile: string;
  /** All that are released if none. */
  readonly experiments: readonly string[];
  readonly engine: EngineName;
  /** What remains of them after the short runs is for whole jobs. */
  readonly minutes: number;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/** What was recomputed, by the method's name in the certificate. */
type Found = Map<string, { code: string; checks: Check[] }>;

/**
 * Recomputes a part of a release with today's code: the first rounds of a job of every method, then whole jobs as long as the minutes last, in
 * an order that the commit draws. Writes the certificate beside the release, whatever came out.
 * @throws WorkbenchError when the profile is not released
 */
export async function certify(options: CertifyOptions): Promise<Certificate> {
  const { profile, engine, minutes, signal, log } = options;
  const manifest = readManifest(profile);
  if (!manifest)
    throw new WorkbenchError(`profile "${profile}" is not released`, `npx iopfl release ${profile} releases it`);
  const ids = options.experiments.length > 0 ? options.experiments : Object.keys(manifest.experiments);
  const until = performance.now() + minutes * 60_000;
  const found: Found = new Map();
  for (const id of ids) await certifyShort(id, options, found);
  const commit = codeVersion();
  const all = ids.flatMap((id) => [...readReleased(profile, id).records.values()].map((each) => ({ id, ...each })));
  // Who chose the jobs could choose those that still hold.
  const drawn = all.map((each) => ({ ...each, lot: sha256(`${commit} ${each.id}/${each.name}`) }));
  drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  for (const { id, ...released } of drawn) {
    if (signal?.aborted || performance.now() >= until) break;
    const again = await wholeRun(id, released, options, until);
    if (again) add(found, id, released, again, compareWhole(released.record, again.record), log);
  }
  const certificate: Certificate = {
    certificate: 1,
    profile,
    engine,
    arithmetic: arithmeticOf(engine),
    commit,
    date: new Date().toISOString(),
    minutes,
    methods: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeAtomic(certificatePath(profile, engine), `${JSON.stringify(certificate, null, 1)}\n`);
  return certificate;
}

async function certifyShort(id: string, options: CertifyOptions, found: Found): Promise<void> {
  const { profile, engine, signal, log } = options;
  const experiment = readExperiment(id);
  const { records, probes } = readReleased(profile, id);
  const whole = new Map([...records.values()].map((each) => [each.name, each]));
  const short = new Map(probes.map((each) => [each.name, each]));
  const again = await shortRun({ ...configs(profile, experiment.task), experiment, engine, signal });
  for (const each of again) {
    const released = (each.record.kind === "adaptation" ? short : whole).get(each.name);
    if (!released) continue; // a method that came later
    const compared = compareRounds(released.record, each.record);
    add(
      found,
      id,
      released,
      each,
      each.record.kind === "adaptation" ? { ...compared, what: "a short run" } : compared,
      log,
    );
  }
}

const configs = (profile: string, task: string) => ({ profile: readProfile(profile), task: readTask(task) });

/** @returns one job of a release, computed anew; nothing when the time was over before */
async function wholeRun(
  id: string,
  { record }: FoundRecord,
  { profile, engine, signal }: CertifyOptions,
  until: number,
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

function add(
  found: Found,
  id: string,
  released: FoundRecord,
  again: FoundRecord,
  compared: Recomputed,
  log: CertifyOptions["log"],
): void {
  const name = certifiedName(id, again.record);
  const { code } = again.record.numerics;
  const outcome = judge(released.record, again.record, compared);
  const check: Check = {
    job: again.name,
    what: compared.what,
    outcome,
    worst: Number.isFinite(compared.worst) ? compared.worst : null,
  };
  const known = found.get(name) ?? { code, checks: [] };
  known.checks.push(check);
  found.set(name, known);
  log(`${outcome === "different" ? "DIFFERENT" : outcome}: ${id}/${again.name}, ${compared.what}`);
  if (outcome === "different") log(`  ${causesOf(released, again)}`);
}

/** What may have moved the numbers: in what the numerics differ, and which files along the method's imports. */
function causesOf({ record, provenance }: FoundRecord, again: FoundRecord): string {
  const kind = record.kind === "federation" ? "train" : "adapt";
  const files = createCodeHasher().files(kind, record.method, again.record.numerics.engine as EngineName);
  const commit = provenance?.commit ?? "unknown";
  const changed = changedFiles(commit, [...files, "lib/engine/install/native"]);
  const what = differenceOf(record.numerics, again.record.numerics) ?? "nothing of the numerics";
  return `different: ${what}; changed since ${commit}: ${changed.length > 0 ? changed.join(", ") : "no file of its code"}`;
}
