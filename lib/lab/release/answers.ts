import { existsSync } from "node:fs";
import { realFolder } from "../../records/own-data";
import { readReleased } from "../../records/release/released";
import { readExperiment, recordsOf } from "../../records/config";
import type { FoundRecord } from "../../records/found";
import { outlineExperiment, type ExperimentPlan, type PlanOptions } from "../plan/plan-experiment";
import { openStandings, standingLine } from "./standing";

/** What of a plan is released: by the id that a job would have here. */
export type Answers = ReadonlyMap<string, FoundRecord>;

/** @returns the released records that answer the questions of a plan's jobs, whatever code and engine made them */
export function answersOf(plan: ExperimentPlan): Answers {
  const { experiment, profile, jobs, snapshots } = plan;
  if (snapshots !== undefined) return new Map();
  const { records } = readReleased(profile.id, recordsOf(experiment));
  const isOfData = madeOf(plan);
  return new Map(
    jobs.flatMap(({ id, question }) => {
      const found = records.get(question);
      return found && isOfData(found) ? [[id, found]] : [];
    }),
  );
}

/**
 * What a published set holds is known by its name; images of one's own may become more, or others, under the same. Where they lie on this
 * machine, only what was made of them as they are now answers.
 */
function madeOf({ task, profile, data }: ExperimentPlan): (found: FoundRecord) => boolean {
  const elsewhere = task.set === "own" && data.folder === "" && !existsSync(realFolder(task, profile.data));
  return task.set !== "own" || elsewhere ? () => true : ({ record }) => record.numerics.data === data.dataHash;
}

/** @returns a plan that is wholly answered by a release, with its answers; needs neither data nor an engine */
export async function releasedPlan(
  id: string,
  options: PlanOptions,
): Promise<{ plan: ExperimentPlan; answers: Answers } | undefined> {
  if (readReleased(options.profile, recordsOf(readExperiment(id))).records.size === 0) return undefined;
  const { plan } = await outlineExperiment(id, options);
  const answers = answersOf(plan);
  return answers.size === plan.jobs.length ? { plan, answers } : undefined;
}

/** @returns in a line which commits and engines made some released records, and when they were last proved */
export function originOf(experiment: string, profile: string, answers: Answers): string {
  const found = [...answers.values()];
  const unique = (values: readonly string[]) => [...new Set(values)].join(", ");
  const commits = unique(found.map(({ provenance }) => provenance?.commit ?? "unknown"));
  const engines = unique(found.map(({ record }) => record.numerics.engine));
  const standing = openStandings(profile);
  const state = standingLine(found.map((each) => standing(experiment, each)));
  return `released: made by commit ${commits} with engine ${engines}; ${state}`;
}
