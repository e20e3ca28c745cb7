import type { Json } from "../../core/hash";
import type { FoundRecord } from "../found";
import { epochSchema, provenanceSchema, recordSchema, type AdaptationRecord, type RunRecord } from "../schema";
import { migrated, recordSteps } from "./migrate";
import { pack, unpack } from "./pack";
import { slimCases, wholeCases } from "./slim-cases";

type Epoch = AdaptationRecord["epochs"][number];
type Scored = { readonly cases: readonly object[] };
type Cases = Parameters<typeof slimCases>[0];

const slim = (each: Scored) => ({ ...each, cases: slimCases(each.cases as Cases) });
const whole = (each: Scored) => ({ ...each, cases: wholeCases(each.cases as Cases) });

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

/**
 * @param passes gives the line of its earlier passes, when one of them is looked at
 * @throws ZodError or TypeError when the line holds no record of today's schema; earlier passes throw it when they are read
 */
export function readLine(name: string, line: string, passes?: () => string): FoundRecord {
  const { record, provenance } = unpack(JSON.parse(line) as Json) as Record<string, unknown>;
  const parsed = recordSchema.parse(migrated(scoresWhole(record as Record<string, unknown>), "schema", recordSteps));
  return {
    name,
    record: passes && parsed.kind === "adaptation" ? withPasses(parsed, passes) : parsed,
    provenance: provenanceSchema.parse(provenance),
  };
}

function scoresWhole(record: Record<string, unknown>): Record<string, unknown> {
  const key = Array.isArray(record.epochs) ? "epochs" : "scores";
  return { ...record, [key]: (record[key] as readonly Scored[]).map(whole) };
}

/** A record whose earlier passes are unpacked and checked when one of them is looked at. */
function withPasses(record: AdaptationRecord, passes: () => string): RunRecord {
  const [last] = record.epochs;
  let known: readonly Epoch[] | undefined;
  const earlier = () =>
    (known ??= (unpack(JSON.parse(passes()) as Json) as unknown as readonly Scored[]).map((each) =>
      epochSchema.parse(whole(each)),
    ));
  const lazy = (index: number): Epoch => ({
    epoch: index + 1,
    get cases() {
      return earlier()[index].cases;
    },
    get telemetry() {
      return earlier()[index].telemetry;
    },
  });
  return { ...record, epochs: [...Array.from({ length: last.epoch - 1 }, (_, index) => lazy(index)), last] };
}
