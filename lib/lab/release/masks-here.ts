import type { SiteData } from "../../data/set/types";
import type { FoundRecord } from "../../records/found";
import type { RunRecord } from "../../records/schema";
import { scoredCases } from "../../records/scored-cases";
import { missingModels, predictAgain } from "../execute/predict-again";
import type { Job } from "../plan/jobs";
import type { ExperimentPlan } from "../plan/plan-experiment";

/** `[count, height, width]` of the slices that a record was scored on at a site; nothing where its models are not here. */
export type MasksHere = (name: string, site: string) => Uint8Array | undefined;

/** What the models of finished records predict, as far as they are on this machine and of the plan's engine. */
export async function masksHere(
  plan: ExperimentPlan,
  records: readonly FoundRecord[],
  sites: ReadonlyMap<string, SiteData>,
  signal?: AbortSignal,
): Promise<MasksHere> {
  const own = records.filter(({ record }) => record.numerics.engine === plan.engine.name);
  const wishes = own
    .flatMap(({ name, record }) =>
      scoredCases(record).map(({ site }) => ({ name, job: asMade(plan, record), site: sites.get(site) as SiteData })),
    )
    .filter((wish) => missingModels([wish]).length === 0);
  const masks = await predictAgain(plan, wishes, signal);
  const found = new Map(wishes.map(({ name, site }, index) => [keyOf(name, site.site), masks[index]]));
  return (name, site) => found.get(keyOf(name, site));
}

const keyOf = (name: string, site: string) => JSON.stringify([name, site]);

/** The job as it was when the record was made: its models and masks lie under that id, whatever code is here today. */
function asMade({ jobs }: ExperimentPlan, record: RunRecord): Job {
  const job = jobs.find(({ question }) => question === record.question) as Job;
  if (job.kind === "federation" || record.kind === "federation") return { ...job, id: record.id };
  return { ...job, id: record.id, federation: { ...job.federation, id: record.federation } };
}
