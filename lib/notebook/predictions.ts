import { Interrupted, WorkbenchError } from "../core/errors";
import { middlePlane } from "../data/set/batches";
import type { SliceSet } from "../data/set/types";
import { scoreCases } from "../federation/evaluate/evaluation";
import { contactSheet, type Panel } from "../io/contact-sheet";
import { loadSites } from "../records/dataset";
import type { Job } from "../lab/plan/jobs";
import { planExperiment, type ExperimentPlan, type PlanOptions } from "../lab/plan/plan-experiment";
import { missingModels, predictAgain, type PredictionWish } from "../lab/execute/predict-again";
import { scoredSlices } from "../lab/jobs/predictions";
import type { RunRecord } from "../records/schema";
import { workOn } from "../lab/execute/run-experiment";
import type { Bundle } from "./bundle";
import { image } from "./image";
import { inMarkdown, markdown } from "./markdown";
import { send } from "./show";
import { outlinesOf, slices, stackOfCase } from "./slices";
import { watchTraining } from "./watch-training";

export interface PredictionChoice {
  /** Which of the site's scored cases, from 0. */
  readonly place?: number;
  /** The profile's first seed if absent. */
  readonly seed?: number;
  /** Trains again where the models are not on this machine (records travel, models do not); otherwise the reference is shown alone. */
  readonly retrain?: boolean;
}

/** What the finished models of an experiment predict, beside the reference. */
export interface Predictions {
  /** One case to look through slice by slice. @param choice.site a client, or a site that was held out */
  viewer(choice: PredictionChoice & { readonly site: string; readonly method: string }): Promise<Bundle>;
  /** The middle slice of one case of every site: a column for each site, a row for each method. */
  sheet(choice?: PredictionChoice): Promise<Bundle>;
}

/** One method's prediction for one site. Without masks when the models are on another machine. */
interface Predicted {
  readonly method: string;
  readonly slices: SliceSet;
  /** `[count, height, width]` of the slices. */
  readonly masks: Uint8Array | undefined;
}

/** @param records the finished records of the experiment */
export function predictionsOf(id: string, options: PlanOptions, records: readonly RunRecord[]): Predictions {
  const predict = async (
    wanted: readonly { site: string; method: string }[],
    { seed, retrain = false }: PredictionChoice,
  ): Promise<Predicted[]> => {
    const plan = await planExperiment(id, options);
    const wishes = findJobs(plan, records, wanted, seed ?? plan.profile.seeds[0]);
    const masks = await grant(plan, wishes, retrain);
    return wishes.map(({ job, site }, index) => ({
      method: job.method.id,
      slices: scoredSlices(job, site),
      masks: masks?.[index],
    }));
  };
  return {
    async viewer({ site, method, place = 0, ...choice }) {
      const [{ slices: set, masks }] = await predict([{ site, method }], choice);
      const stack = stackOfCase(set, place);
      const { id: name, first, count } = set.cases[place];
      const area = set.height * set.width;
      if (!masks) return slices(stack);
      const title = `${set.site} ${name}, ${method}: Dice ${scoreCases(masks, set, false)[place].dice.toFixed(3)}`;
      return slices({ ...stack, title, prediction: masks.subarray(first * area, (first + count) * area) });
    },
    async sheet({ place = 0, ...choice } = {}) {
      const { experiment, task } = await planExperiment(id, options);
      const { methods } = experiment;
      const { sites } = task;
      const predicted = await predict(
        methods.flatMap((method) => sites.map((site) => ({ site, method: method.id }))),
        choice,
      );
      const known = predicted.every(({ masks }) => masks) ? predicted : predicted.slice(0, sites.length);
      return image(
        contactSheet(
          known.map((one) => panelOf(one, place)),
          { columns: sites.length },
        ),
        { alt: `${id}: predictions beside the reference`, width: 960 },
      );
    },
  };
}

/** The jobs of the plan that made the records. @throws WorkbenchError when there is none, or when its code or data have changed since */
function findJobs(
  plan: ExperimentPlan,
  records: readonly RunRecord[],
  wanted: readonly { site: string; method: string }[],
  seed: number,
): PredictionWish[] {
  const { experiment, task, profile, data, jobs } = plan;
  const sites = loadSites(
    { ...task, sites: task.sites.filter((name) => wanted.some(({ site }) => site === name)) },
    profile.data,
    data.folder,
  );
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
    if (!records.some((record) => record.id === found.id))
      throw new WorkbenchError(
        `${experiment.id} has changed since it was run here`,
        "run the cell of the experiment again",
      );
    return { job: found, site: known };
  });
}

/** @returns the masks, or undefined where that takes models that are not here and are not to be trained */
async function grant(
  plan: ExperimentPlan,
  wishes: readonly PredictionWish[],
  retrain: boolean,
): Promise<Uint8Array[] | undefined> {
  const missing = missingModels(wishes);
  if (missing.length > 0 && !retrain) {
    send(
      markdown(
        `*The models of ${missing.map(({ name }) => inMarkdown(name)).join(", ")} are not on this machine, so the reference is shown alone; \`retrain: true\` trains them again.*`,
      ),
    );
    return undefined;
  }
  const watch = watchTraining(plan.experiment.id);
  const { signal, onProgress } = watch;
  watch.expect(missing);
  try {
    await workOn(plan, missing, { profile: plan.profile.id, signal, onProgress });
    return await predictAgain(plan, wishes, signal);
  } catch (error) {
    throw signal.aborted ? new Interrupted(plan.experiment.id) : error;
  } finally {
    await watch.close();
  }
}

function panelOf({ method, slices: set, masks }: Predicted, place: number): Panel {
  const { site, height, width, cases } = set;
  const { first, count } = cases[Math.min(place, cases.length - 1)];
  const slice = first + Math.floor(count / 2);
  const cut = (values: Uint8Array) => values.subarray(slice * height * width, (slice + 1) * height * width);
  const outlines = [...(masks ? outlinesOf("prediction", cut(masks)) : []), ...outlinesOf("truth", cut(set.masks))];
  return { title: `${site} ${masks ? method : ""}`, height, width, pixels: middlePlane(set, slice), outlines };
}
