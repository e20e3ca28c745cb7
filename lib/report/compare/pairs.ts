import type { FoundRecord } from "../../records/found";
import { isFederation, labelOf } from "../cases";
import type { Side } from "./sides";

/** The same run, twice. */
export interface Pair {
  readonly a: FoundRecord;
  readonly b: FoundRecord;
}

export interface Paired {
  readonly pairs: readonly Pair[];
  /** Runs of one side alone, by name. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** Pairs the runs of two sides: of the same experiment, method, held-out site and seed; seeds, where two of them are compared, aside. */
export function pairSides(a: Side, b: Side): Paired {
  const seeds = a.what === "seed" && b.what === "seed";
  const [of, other] = [byRun(a, seeds), byRun(b, seeds)];
  const pairs = [...of].flatMap(([run, found]): Pair[] => {
    const second = other.get(run);
    return second ? [{ a: found, b: second }] : [];
  });
  const lacking = (here: ReadonlyMap<string, FoundRecord>, there: ReadonlyMap<string, FoundRecord>) =>
    [...here.keys()].filter((run) => !there.has(run));
  return { pairs, onlyA: lacking(of, other), onlyB: lacking(other, of) };
}

/** The first record of each run. */
function byRun({ records }: Side, withoutSeed: boolean): Map<string, FoundRecord> {
  const runs = new Map<string, FoundRecord>();
  for (const found of records) {
    const name = runName(found, withoutSeed);
    if (!runs.has(name)) runs.set(name, found);
  }
  return runs;
}

function runName({ record }: FoundRecord, withoutSeed: boolean): string {
  const place = isFederation(record) ? `on ${record.sites.join(", ")}` : `${record.heldOut} held out`;
  const seed = withoutSeed ? "" : `, seed ${record.seed}`;
  return `${record.experiment}: ${record.kind} of ${labelOf(record)} ${place}${seed}`;
}
