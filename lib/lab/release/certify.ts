import { WorkbenchError } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { arithmeticOf, type EngineName } from "../../engine";
import { writeAtomic } from "../../io/atomic";
import { readExperiment, readProfile, readTask } from "../../records/config";
import { certificatePath, type Certificate } from "../../records/release/certificate";
import { readManifest } from "../../records/release/manifest";
import { readReleased } from "../../records/release/released";
import { codeVersion } from "../jobs/provenance";
import { openCollector, type Collector } from "./collect-checks";
import { compareRounds, compareWhole } from "./compare-records";
import { shortRun } from "./short-run";
import { wholeRun } from "./whole-run";

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
  const collected = openCollector(log);
  for (const id of ids) await certifyShort(id, options, collected.add);
  const commit = codeVersion();
  const all = ids.flatMap((id) => [...readReleased(profile, id).records.values()].map((each) => ({ id, ...each })));
  // Who chose the jobs could choose those that still hold.
  const drawn = all.map((each) => ({ ...each, lot: sha256(`${commit} ${each.id}/${each.name}`) }));
  drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  for (const { id, ...released } of drawn) {
    if (signal?.aborted || performance.now() >= until) break;
    const again = await wholeRun(id, released.record, { profile, engine, signal, until });
    if (again) collected.add(id, released, again, compareWhole(released.record, again.record));
  }
  const certificate: Certificate = {
    certificate: 1,
    profile,
    engine,
    arithmetic: arithmeticOf(engine),
    commit,
    date: new Date().toISOString(),
    minutes,
    methods: collected.methods(),
  };
  writeAtomic(certificatePath(profile, engine), `${JSON.stringify(certificate, null, 1)}\n`);
  return certificate;
}

async function certifyShort(id: string, options: CertifyOptions, add: Collector["add"]): Promise<void> {
  const { profile, engine, signal } = options;
  const experiment = readExperiment(id);
  const { records, probes } = readReleased(profile, id);
  const whole = new Map([...records.values()].map((each) => [each.name, each]));
  const short = new Map(probes.map((each) => [each.name, each]));
  const again = await shortRun({
    profile: readProfile(profile),
    task: readTask(experiment.task),
    experiment,
    engine,
    signal,
  });
  for (const each of again) {
    const released = (each.record.kind === "adaptation" ? short : whole).get(each.name);
    if (!released) continue; // a method that came later
    const compared = compareRounds(released.record, each.record);
    const what = each.record.kind === "adaptation" ? "a short run" : compared.what;
    add(id, released, each, { ...compared, what });
  }
}
