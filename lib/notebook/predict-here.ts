import { Interrupted, WorkbenchError } from "../core/errors";
import { loadSites } from "../records/dataset";
import type { Job } from "../lab/plan/jobs";
import { planExperiment, type ExperimentPlan, type PlanOptions } from "../lab/plan/plan-experiment";
import { missingModels, predictAgain, type PredictionWish } from "../lab/execute/predict-again";
import { scoredSlices } from "../lab/jobs/predictions";
import { workOn } from "../lab/execute/run-experiment";
import { recordsOf } from "../records/config";
import { readReleased } from "../records/release/released";
import type { RunRecord } from "../records/schema";
import { inMarkdown, markdown } from "./markdown";
import { send } from "./show";
import type { SliceStack } from "./slice-stack";
import { stackOfCase } from "./slices";
import { watchTraining } from "./watch-training";

/** A case that a method of an experiment is asked to predict. */
export interface WantedCase {
  readonly site: string;
  readonly method: string;
  /** Missing where no record scores the site. */
  readonly case: string | undefined;
}

interface HereOptions extends PlanOptions {
  readonly seed: number;
  readonly retrain: boolean;
}

/**
 * Cases with the masks that the models on this machine predict; without masks, and with a word, where models are missing and are not to be
 * trained.
 * @param records the finished records of the experiment
 */
export async function predictHere(
  id: string,
  wanted: readonly WantedCase[],
  records: readonly RunRecord[],
  { seed, retrain, ...options }: HereOptions,
): Promise<SliceStack[]> {
  const plan = await planExperiment(id, options);
  const wishes = findJobs(plan, records, wanted, seed);
  const masks = await grant(plan, wishes, retrain);
  return wishes.map((wish, index) => {
    const set = scoredSlices(wish.job, wish.site);
    const predicted = masks.get(wish);
    const place = set.cases.findIndex((each) => each.id === wanted[index].case);
    const stack = stackOfCase(set, place);
    if (!predicted) return stack;
    const area = set.height * set.width;
    const { first, count } = set.cases[place];
    return { ...stack, prediction: predicted.subarray(first * area, (first + count) * area) };
  });
}

/**
 * The jobs of the plan that made the records, or that ask what released records answer: those stand, whichever code made them.
 * @throws WorkbenchError when there is none, or when the code or the data of one's own have changed since
 */
function findJobs(
  plan: ExperimentPlan,
  records: readonly RunRecord[],
  wanted: readonly WantedCase[],
  seed: number,
): PredictionWish[] {
  const { experiment, task, profile, data, jobs } = plan;
  const sites = loadSites(
    { ...task, sites: task.sites.filter((name) => wanted.some(({ site }) => site === name)) },
    profile.data,
    data.folder,
  );
  const released = readReleased(profile.id, recordsOf(experiment)).records;
  return wanted.map(({ site, method }) => {
    const scores = (job: Job) =>
      job.kind === "adaptation" ? job.heldOut === site : experiment.kind === "inside" && job.sites.includes(site);
    const named = (job: Job) => job.method.id === method || `${job.method.id} (${job.variant})` === method;
    const found = jobs.find((job) => job.seed === seed && named(job) && scores(job));
    const known = sites.get(site);
    if (!found || !known) {
      const choices = [experiment.methods.map((each) => each.id), task.sites, profile.seeds]
        .map((list) => list.join(", "))
        .join("; ");
      throw new WorkbenchError(
        `${experiment.id} has no prediction of "${method}" for "${site}" with seed ${seed}`,
        `use a method, site and seed of: ${choices}`,
      );
    }
    const made = [found.id, released.get(found.question)?.record.id];
    if (!records.some(({ id }) => made.includes(id)))
      throw new WorkbenchError(
        `${experiment.id} has changed since it was run here`,
        "run the cell of the experiment again",
      );
    return { job: found, site: known };
  });
}

/** @returns the masks of the wishes but those that take models that are not here and are not to be trained, which it tells of */
async function grant(
  plan: ExperimentPlan,
  wishes: readonly PredictionWish[],
  retrain: boolean,
): Promise<ReadonlyMap<PredictionWish, Uint8Array>> {
  const missing = missingModels(wishes);
  if (missing.length > 0 && !retrain)
    send(
      markdown(
        `*The models of ${missing.map(({ name }) => inMarkdown(name)).join(", ")} are not on this machine, so their masks are not shown; \`retrain: true\` trains them again.*`,
      ),
    );
  const wanted = retrain ? missing : [];
  const able = wishes.filter((wish) => retrain || missingModels([wish]).length === 0);
  if (able.length === 0) return new Map();
  const watch = watchTraining(plan.experiment.id);
  const { signal, onProgress } = watch;
  watch.expect(wanted);
  try {
    await workOn(plan, wanted, { profile: plan.profile.id, signal, onProgress });
    const masks = await predictAgain(plan, able, signal);
    return new Map(able.map((wish, index) => [wish, masks[index]]));
  } catch (error) {
    throw signal.aborted ? new Interrupted(plan.experiment.id) : error;
  } finally {
    await watch.close();
  }
}
