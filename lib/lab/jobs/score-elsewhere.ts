import type { State } from "../../core/state";
import type { SiteData } from "../../data/set/types";
import type { ClientSpec } from "../../federation/client/client-work";
import { evaluateModel } from "../../federation/evaluate/evaluation";
import type { FederationRecord } from "../../records/schema";
import type { FederationJob } from "../plan/jobs";
import { siteOf } from "./job-parts";

interface Final {
  readonly global: State;
  readonly modelOf: (client: number) => State;
  /** All of the task. */
  readonly sites: ReadonlyMap<string, SiteData>;
}

type Scores = FederationRecord["scores"][number][];

/**
 * Scores of final models on the test cases of sites that they never met: of the global model at every site that took no part, and of each
 * client's own, where it is another, at every site but its own. @throws as `evaluateModel`
 */
export async function scoreElsewhere(
  job: FederationJob,
  { shape, method, params }: ClientSpec,
  { global, modelOf, sites }: Final,
  signal: AbortSignal | undefined,
): Promise<Scores> {
  const scores: Scores = [];
  const add = async (model: State, site: string, of?: string): Promise<void> => {
    const { test } = siteOf(sites, site).parts;
    const cases = await evaluateModel(shape, model, test, { signal, lens: method.sees?.(model, params) });
    const whose = of === undefined ? { model: "global" as const } : { model: "personal" as const, of };
    scores.push({ site, part: "test", ...whose, cases });
  };
  for (const site of job.task.sites) if (!job.sites.includes(site)) await add(global, site);
  for (const [client, of] of job.sites.entries()) {
    const own = modelOf(client);
    if (own === global) continue;
    for (const site of job.task.sites) if (site !== of) await add(own, site, of);
  }
  return scores;
}
