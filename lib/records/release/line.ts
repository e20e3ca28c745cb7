import type { Json } from "../../core/hash";
import type { FoundRecord } from "../found";
import { epochsSchema, provenanceSchema, recordSchema, roundsSchema, scoresSchema } from "../schema";
import type { AdaptationRecord, RunRecord } from "../schema";
import { migrated, recordSteps } from "./migrate";
import { pack, unpack } from "./pack";
import { makeWhole, slimCases, type Fresh } from "./slim-cases";

type Epochs = AdaptationRecord["epochs"];
type Scored = { readonly cases: readonly object[] };
type Cases = Parameters<typeof slimCases>[0];

const slim = (each: Scored) => ({ ...each, cases: slimCases(each.cases as Cases) });

/** A line of a release: a record with how it came about, without weights; of an adaptation its last pass. */
export function releasedLine({ name, record, provenance }: FoundRecord): string {
  const slimmed =
    record.kind === "federation"
      ? { ...record, scores: record.scores.map(slim) }
      : { ...record, epochs: record.epochs.slice(-1).map(slim) };
  // The seal is that of a file, which is not released: the manifest has one of the line.
  const unsealed = provenance && { ...provenance, sha256: undefined };
  return JSON.stringify(pack({ name, record: slimmed, provenance: unsealed } as unknown as Json));
}

/** @returns the line of the passes before the last, nine tenths of an adaptation's numbers, which no table reads; nothing where there are none */
export function passesLine({ record }: FoundRecord): string | undefined {
  if (record.kind === "federation" || record.epochs.length < 2) return undefined;
  return JSON.stringify(pack(record.epochs.slice(0, -1).map(slim) as unknown as Json));
}

/** Wraps the reading of what was put off until it is looked at, to say what is wrong with it as its user would. */
type Guard = <Value>(read: () => Value) => Value;
/** Nearly all of a line, of which most who ask for a record look at nothing. */
const putOff = { rounds: roundsSchema, scores: scoresSchema, epochs: epochsSchema };
type PutOff = keyof typeof putOff;
type Fields = Readonly<Record<string, Json>>;

/**
 * Reads whose record it is and how it came about; rounds, scores and passes are unpacked and checked when they are looked at.
 * @param passes gives the line of its earlier passes, when one of them is looked at
 * @throws ZodError or TypeError when the line holds no record of today's schema; what is put off throws it within `guard`
 */
export function readLine(
  name: string,
  line: string,
  passes?: () => string,
  guard: Guard = (read) => read(),
): FoundRecord {
  const { record: packed, provenance } = JSON.parse(line) as Readonly<Record<string, Fields>>;
  const keys = (Object.keys(putOff) as PutOff[]).filter((key) => Object.hasOwn(packed, key));
  const bare = unpack({ ...packed, ...Object.fromEntries(keys.map((key) => [key, []])) }) as Fields;
  const today = (fields: Fields) => migrated({ ...bare, ...fields }, "schema", recordSteps);
  const record = recordSchema.parse(today({}));
  for (const key of keys) {
    const read = () => guard(() => putOff[key].parse(today({ [key]: wholeOf(packed[key]) })[key]));
    whenLookedAt(record, key, key === "epochs" && passes ? () => withPasses(read() as Epochs, passes, guard) : read);
  }
  return { name, record, provenance: provenanceSchema.parse(unpack(provenance)) };
}

function whenLookedAt(record: RunRecord, key: PutOff, read: () => unknown): void {
  let known: unknown;
  Object.defineProperty(record, key, { enumerable: true, get: () => (known ??= read()) });
}

/** @returns a list as it was before `slim` and `pack` */
function wholeOf(packed: Json): Json {
  const list = unpack(packed);
  for (const { cases } of list as readonly { readonly cases?: readonly Fresh[] }[]) if (cases) makeWhole(cases);
  return list;
}

/** The last pass with those before it, which are unpacked and checked when one of them is looked at. */
function withPasses([last]: Epochs, passes: () => string, guard: Guard): Epochs {
  let known: Epochs | undefined;
  const earlier = () => (known ??= guard(() => epochsSchema.parse(wholeOf(JSON.parse(passes()) as Json))));
  const lazy = (index: number): Epochs[number] => ({
    epoch: index + 1,
    get cases() {
      return earlier()[index].cases;
    },
    get telemetry() {
      return earlier()[index].telemetry;
    },
  });
  return [...Array.from({ length: last.epoch - 1 }, (_, index) => lazy(index)), last];
}
