import { WorkbenchError } from "../../core/errors";
import type { EngineName } from "../../engine";
import { readExperiment, readProfile, readTask } from "../../records/config";
import { experimentsAt } from "../../records/experiment-at";
import type { FoundRecord } from "../../records/found";
import { certifiedMethod } from "../../records/release/certificate";
import { differenceOf } from "../identity/numerics";
import { readManifest, type Manifest } from "../../records/release/manifest";
import { writeRelease, type Gathered } from "../../records/release/write-release";
import { codeVersion } from "../jobs/provenance";
import { planExperiment } from "../plan/plan-experiment";
import { gather, type GatherOptions } from "./gather";
import { claimsBefore } from "./claims-before";
import { gatherPictures } from "./gather-pictures";
import { shortRun } from "./short-run";

export interface ReleaseOptions extends GatherOptions {
  /** All that are configured if none. */
  readonly experiments: readonly string[];
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * Takes finished records to the committed form, beside what was released before of other experiments. What takes the models of hours of
 * training is also run for two rounds, so that `certify` can prove it in seconds.
 * @throws WorkbenchError as `gather`, and when the working tree is not a clean commit
 */
export async function release({ experiments, signal, log, ...options }: ReleaseOptions): Promise<Manifest> {
  const { profile } = options;
  const commit = codeVersion();
  if (!/^[0-9a-f]+$/.test(commit))
    throw new WorkbenchError(
      `the working tree is not a commit (${commit})`,
      "commit lib and configs first: a release names the commit that gathered it",
    );
  const ids = experiments.length > 0 ? experiments : ownExperiments(profile);
  const gathered: Record<string, Gathered> = {};
  for (const id of ids) {
    const records = await gather(id, options);
    const experiment = readExperiment(id);
    log(`${id}: ${records.length} records`);
    if (records.length === 0) continue;
    const short = { experiment, profile: readProfile(profile), task: readTask(experiment.task) };
    const first = records[0].record.numerics.engine as EngineName;
    const made = experiment.kind === "inside" ? [] : await shortRun({ ...short, engine: first, signal });
    const probes = made.filter((probe) => records.some((each) => isOfSameMake(probe, each)));
    if (probes.length < made.length)
      log(`${id}: ${made.length - probes.length} short runs are left out, since other code made the records`);
    const plan = await planExperiment(id, { profile, engine: options.engine, log });
    gathered[id] = { records, probes, pictures: await gatherPictures(plan, records, { signal, log }) };
  }
  const before = readManifest(profile)?.experiments ?? {};
  const commitsOf = (id: string) =>
    gathered[id]?.records.map(({ provenance }) => provenance?.commit ?? "unknown") ??
    (before[id]?.records ?? []).map((each) => each.commit);
  const head = {
    release: 1,
    profile,
    commit,
    date: new Date().toISOString(),
    hours: 0,
    claims: claimsBefore(commitsOf, log),
  } as const;
  return writeRelease(head, before, gathered);
}

/** A short run by other code than the record's would prove that code and not the record. */
const isOfSameMake = ({ record: probe }: FoundRecord, { record }: FoundRecord): boolean =>
  certifiedMethod(probe) === certifiedMethod(record) && differenceOf(probe.numerics, record.numerics) === undefined;

/** What a profile has of its own: a view of others' runs has nothing to release. */
const ownExperiments = (profile: string): string[] =>
  experimentsAt(profile).flatMap(({ id, of }) => (of === undefined ? [id] : []));
