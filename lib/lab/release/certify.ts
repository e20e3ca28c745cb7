import { WorkbenchError } from "../../core/errors";
import { sha256 } from "../../core/hash";
import { arithmeticOf, type EngineName } from "../../engine";
import { writeAtomic } from "../../io/atomic";
import { readExperiment, readProfile, readTask } from "../../records/config";
import { certificatePath, certifiedName, type Certificate, type Check } from "../../records/release/certificate";
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
  /** Minutes after which even the short runs stop, experiments in an order that the commit draws (default: they take what they take). */
  readonly atMost?: number;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

export interface Certified {
  readonly certificate: Certificate;
  /** Released methods that the time did not reach. */
  readonly unreached: readonly string[];
  /** Whether it lies beside the release now: one that reached less, and found nothing, leaves the one that is there. */
  readonly written: boolean;
}

/**
 * Recomputes a part of a release with today's code: the first rounds of a job of every method, then whole jobs as long as the minutes last, in
 * an order that the commit draws. Writes the certificate beside the release, whatever came out.
 * @throws WorkbenchError when the profile is not released
 */
export async function certify(options: CertifyOptions): Promise<Certified> {
  const { profile, engine, minutes, atMost, log } = options;
  const manifest = readManifest(profile);
  if (!manifest)
    throw new WorkbenchError(`profile "${profile}" is not released`, `npx iopfl release ${profile} releases it`);
  const ids = options.experiments.length > 0 ? options.experiments : Object.keys(manifest.experiments);
  const until = performance.now() + minutes * 60_000;
  const signal = signalOf(options);
  const collected = openCollector(log);
  const commit = codeVersion();
  // Who chose the jobs could choose those that still hold.
  const lot = (name: string) => sha256(`${commit} ${name}`);
  const order = atMost === undefined ? ids : [...ids].sort((a, b) => (lot(a) < lot(b) ? -1 : 1));
  for (const id of order) if (!signal?.aborted) await certifyShort(id, { ...options, signal }, collected.add);
  const all = ids.flatMap((id) => [...readReleased(profile, id).records.values()].map((each) => ({ id, ...each })));
  const drawn = all.map((each) => ({ ...each, lot: lot(`${each.id}/${each.name}`) }));
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
  const names = new Set(all.map(({ id, record }) => certifiedName(id, record)));
  const unreached = [...names].filter((name) => !Object.hasOwn(certificate.methods, name)).sort();
  const checks = Object.values(certificate.methods).flatMap((method) => method.checks);
  const written = atMost === undefined || unreached.length === 0 || checks.some(isDifferent);
  if (written) writeAtomic(certificatePath(profile, engine), `${JSON.stringify(certificate, null, 1)}\n`);
  return { certificate, unreached, written };
}

export const isDifferent = ({ outcome }: Check): boolean => outcome === "different";

function signalOf({ signal, atMost }: CertifyOptions): AbortSignal | undefined {
  const over = atMost === undefined ? [] : [AbortSignal.timeout(Math.ceil(atMost * 60_000))];
  const all = [...(signal ? [signal] : []), ...over];
  return all.length > 0 ? AbortSignal.any(all) : undefined;
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
