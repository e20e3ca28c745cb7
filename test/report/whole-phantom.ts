/** Import own-report before this: a release of the whole profile phantom, of records as large as its real ones, is written where it says. */
import { createRandom } from "../../lib/core/random";
import { claimHashes } from "../../lib/records/claims";
import { readProfile, recordsOf, variantOf, type Entry, type Experiment } from "../../lib/records/config";
import { experimentsAt } from "../../lib/records/experiment-at";
import type { FoundRecord } from "../../lib/records/found";
import { caseAt, caseNames } from "../../lib/records/named-cases";
import type { Picture } from "../../lib/records/release/pictures";
import { writeRelease, type Gathered } from "../../lib/records/release/write-release";
import type { RunRecord } from "../../lib/records/schema";
import { adaptationOf, federationOf, sitesOf, type PhantomTask } from "../records/phantom-records";

const profile = readProfile("phantom");
/** Layers of the routed U-Net that have gates. */
const layers = 23;

/** Writes a release of every experiment of the profile. @returns how many records it holds */
export function writeWholePhantom(): number {
  const experiments = experimentsAt(profile.id).filter((each) => recordsOf(each) === each.id);
  const gathered = Object.fromEntries(experiments.map((each): [string, Gathered] => [each.id, gatheredOf(each)]));
  const head = { release: 1, profile: profile.id, commit: "0123456789ab", date: "2026-11-29", hours: 0 } as const;
  writeRelease({ ...head, claims: claimHashes() }, {}, gathered);
  return Object.values(gathered).reduce((sum, { records }) => sum + records.length, 0);
}

function gatheredOf(experiment: Experiment): Gathered {
  const records = profile.seeds.flatMap((seed) =>
    experiment.kind === "inside"
      ? experiment.methods.map((entry) => insideOf(experiment, entry, seed))
      : Object.keys(sitesOf[taskOf(experiment)]).flatMap((site) => [
          ...trainedFor(experiment).map((entry) => insideOf(experiment, entry, seed, site)),
          ...experiment.methods.map((entry) => outsideOf(experiment, entry, seed, site)),
        ]),
  );
  const scored = records.filter(({ record }) => (record.kind === "federation") === (experiment.kind === "inside"));
  return { records, probes: [], pictures: picturesOf(experiment, scored) };
}

/** The federations that an outside experiment trains for each held-out site. */
function trainedFor(experiment: Extract<Experiment, { kind: "outside" }>): readonly Entry[] {
  if (experiment.federationsOf !== undefined) return [];
  const trained = [experiment.federation, ...experiment.methods.flatMap(({ train }) => train ?? [])];
  return [...new Map(trained.map((each) => [JSON.stringify(each), each])).values()];
}

const taskOf = ({ task }: Experiment) => task as PhantomTask;

/** @param without the site that is held out, if one is */
function insideOf(experiment: Experiment, entry: Entry, seed: number, without?: string): FoundRecord {
  const found = federationOf(taskOf(experiment));
  const name = without === undefined ? undefined : `without-${without}`;
  return as(found, fieldsOf(experiment, entry, seed), name);
}

function outsideOf(experiment: Experiment, entry: Entry, seed: number, heldOut: string): FoundRecord {
  const [count] = (sitesOf[taskOf(experiment)] as Record<string, readonly [number, number]>)[heldOut];
  const found = adaptationOf(taskOf(experiment), count, 1, entry.id === "iop-fl" ? layers : 0);
  return as(found, { ...fieldsOf(experiment, entry, seed), heldOut }, heldOut);
}

function fieldsOf({ id, task }: Experiment, entry: Entry, seed: number) {
  return { experiment: id, task, method: entry.id, variant: variantOf(entry), seed };
}

function as({ record, provenance }: FoundRecord, fields: Partial<RunRecord>, where = ""): FoundRecord {
  const name = [fields.method, fields.variant, where, `seed${fields.seed}`].filter(Boolean).join(".");
  return { name, record: { ...record, ...fields } as RunRecord, provenance };
}

/** Best, median and worst case of each site, with a disc of its own for every method. */
function picturesOf(experiment: Experiment, found: readonly FoundRecord[]): Picture[] {
  const first = found.filter(({ record }) => record.seed === profile.seeds[0]);
  const random = createRandom(`pictures of ${experiment.id}`);
  const { side } = profile.data;
  const count = experiment.task === "prostate" ? profile.data.slices : 1;
  const disc = (radius: number) =>
    Uint8Array.from({ length: count * side * side }, (_, at) =>
      Number(Math.hypot((at % side) - side / 2, (Math.floor(at / side) % side) - side / 2) < radius),
    );
  return Object.keys(sitesOf[taskOf(experiment)]).flatMap((site) => {
    const scoring = first.filter(({ record }) => record.kind === "federation" || record.heldOut === site);
    return caseNames.flatMap((place): Picture[] => {
      const id = caseAt(scoring.map(({ record }) => record), site, place); // prettier-ignore
      if (id === undefined) return [];
      const predictions = new Map(scoring.map(({ name }) => [name, disc(random.uniform(8, 16))]));
      const pixels = disc(12).map((inside) => 60 + 80 * inside + Math.round(random.normal(0, 6)));
      return [{ site, case: id, count, height: side, width: side, aspect: 1, pixels, truth: disc(12), predictions }];
    });
  });
}
