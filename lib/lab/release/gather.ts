import { WorkbenchError } from "../../core/errors";
import { canonicalJson, type Json } from "../../core/hash";
import type { EngineChoice } from "../../engine";
import type { FoundRecord } from "../../records/found";
import { readOwnRecords } from "../../records/read";
import { readReleased } from "../../records/release/released";
import { outlineExperiment } from "../plan/plan-experiment";

export interface GatherOptions {
  readonly profile: string;
  readonly engine: EngineChoice;
  /** Whether a table may hold what different engines computed. */
  readonly mixed: boolean;
  /** Whether what is finished is enough: the rest is computed later, perhaps on another machine. */
  readonly partial: boolean;
}

/**
 * @returns the finished record of every job of an experiment as it is configured, by whatever engine and code it was made; where there is no own
 * one, that which was released before
 * @throws WorkbenchError when one is missing or was not made by a commit, or when tables would mix numerics that were not allowed to
 */
export async function gather(
  id: string,
  { profile, engine, mixed, partial }: GatherOptions,
): Promise<readonly FoundRecord[]> {
  const { plan } = await outlineExperiment(id, { profile, engine });
  const own = new Map(readReleased(profile, id).records);
  for (const found of readOwnRecords(profile, id).records) own.set(found.record.question, found);
  const missing = plan.jobs.filter(({ question }) => !own.has(question));
  if (missing.length > 0 && !partial)
    throw new WorkbenchError(
      `${missing.length} of ${plan.jobs.length} jobs of ${id} are not finished, the first ${missing[0].name}`,
      `npx iopfl run ${id} --profile ${profile} --fresh computes them; --partial releases what is finished`,
    );
  const records = plan.jobs.flatMap(({ question }) => own.get(question) ?? []);
  checkMade(id, records);
  if (!mixed) checkMixture(id, records);
  return records;
}

/** A commit that nobody can check out made nothing that anybody can check. */
function checkMade(id: string, records: readonly FoundRecord[]): void {
  const bad = records.find(({ provenance }) => !/^[0-9a-f]{7,40}$/.test(provenance?.commit ?? ""));
  if (bad)
    throw new WorkbenchError(
      `${id}/${bad.name} was not made by a commit but by ${bad.provenance?.commit ?? "nobody knows what"}`,
      "commit, remove it, and run the experiment again from the clean commit",
    );
}

/** Methods have code of their own; engine, arithmetic and data are of the whole table. */
function checkMixture(id: string, records: readonly FoundRecord[]): void {
  const kinds = new Map<string, string>();
  for (const { name, record } of records) {
    const { engine, arithmetic, data } = record.numerics;
    kinds.set(canonicalJson({ engine, arithmetic, data } as Json), name);
    if (kinds.size > 1)
      throw new WorkbenchError(
        `${id} mixes numerics: ${[...kinds.values()].join(" and ")} were computed by different engines or from different data`,
        "run what is older again, or say --mixed: the tables then say so too",
      );
  }
}
