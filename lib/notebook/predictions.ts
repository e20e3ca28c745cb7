import { contactSheet } from "../io/contact-sheet";
import type { PlanOptions } from "../lab/plan/plan-experiment";
import { readExperiment, readProfile, readTask, recordsOf } from "../records/config";
import { caseAt, type CasePlace } from "../records/named-cases";
import type { RunRecord } from "../records/schema";
import { labelOf } from "../report/cases";
import { releasedPictures, scoredAt, scoredBy } from "../report/released-pictures";
import { slicePanel } from "../report/slice-panel";
import type { Bundle } from "./bundle";
import { image } from "./image";
import type { PredictedCase } from "./predicted-case";
import { predictHere } from "./predict-here";
import { slices } from "./slices";

export interface PredictionChoice {
  /** Which of the site's scored cases: its `best`, `median` (the default) or `worst` by mean Dice over the methods, or from 0. */
  readonly place?: CasePlace;
  /** The profile's first seed if absent. */
  readonly seed?: number;
  /** Trains again where the models are not on this machine (records travel, models do not); otherwise a method is without its masks. */
  readonly retrain?: boolean;
}

/** A case that is wanted of a method. */
export interface CaseWish {
  readonly site: string;
  readonly method: string;
  /** Default: the choice's. */
  readonly place?: CasePlace;
  /** By its id, wherever it stands. */
  readonly case?: string;
}

/** What the finished models of an experiment predict, beside the reference; what is released is drawn without data and models. */
export interface Predictions {
  /** One case to look through slice by slice. @param choice.site a client, or a site that was held out */
  viewer(choice: PredictionChoice & { readonly site: string; readonly method: string }): Promise<Bundle>;
  /** The middle slice of one case of every site: a column for each site, a row for each method. */
  sheet(choice?: PredictionChoice): Promise<Bundle>;
  /** Cases to be drawn beside others: see `caseSheet`. */
  predicted(wishes: readonly CaseWish[], choice?: PredictionChoice): Promise<readonly PredictedCase[]>;
}

/** @param records the finished records of the experiment */
export function predictionsOf(id: string, options: PlanOptions, records: readonly RunRecord[]): Predictions {
  const experiment = readExperiment(id);
  const { kind, task } = experiment;
  const { sites } = readTask(task);
  const ofSeed = ({ seed = options.seeds?.[0] ?? readProfile(options.profile).seeds[0] }: PredictionChoice) => ({
    seed,
    scored: scoredAt(records, kind, seed),
  });
  const predict = async (
    wishes: readonly CaseWish[],
    choice: PredictionChoice = {},
  ): Promise<(Omit<PredictedCase, "case"> & { readonly case: string | undefined })[]> => {
    const { place = "median", retrain = false } = choice;
    const { seed, scored } = ofSeed(choice);
    const wanted = wishes.map(({ site, method, ...wish }) => ({
      site,
      method,
      case: wish.case ?? caseAt(scored, site, wish.place ?? place),
    }));
    const released = releasedPictures(options.profile, recordsOf(experiment));
    const known = wanted.map((each) => released(scored, each));
    const open = wanted.filter((_, index) => !known[index]);
    const made = open.length === 0 ? [] : await predictHere(id, open, records, { ...options, seed, retrain });
    return wanted.map((each, index) => ({
      ...each,
      stack: known[index] ?? made[open.indexOf(each)],
      dice: scoredBy(scored, each)?.scores.cases.find(({ id: of }) => of === each.case)?.dice ?? NaN,
    }));
  };
  return {
    predicted: async (wishes, choice) =>
      (await predict(wishes, choice)).map((each) => ({ ...each, case: each.case ?? "" })),
    async viewer({ site, method, ...choice }) {
      const [{ stack, dice }] = await predict([{ site, method }], choice);
      if (!stack.prediction) return slices(stack);
      return slices({ ...stack, title: `${stack.title}, ${method}: Dice ${dice.toFixed(3)}` });
    },
    async sheet(choice = {}) {
      const { scored } = ofSeed(choice);
      // A method that diverged somewhere has no row.
      const methods = [...new Set(scored.map(labelOf))].filter((method) =>
        sites.every((site) => scoredBy(scored, { site, method })),
      );
      const pairs = methods.flatMap((method) => sites.map((site) => ({ site, method })));
      const predicted = await predict(pairs, choice);
      const lacking = new Set(predicted.filter(({ stack }) => !stack.prediction).map(({ method }) => method));
      const whole = predicted.filter(({ method }) => !lacking.has(method));
      const drawn = whole.length > 0 ? whole : predicted.slice(0, sites.length);
      const panels = drawn.map(({ site, method, stack }) => ({
        ...slicePanel(stack, Math.floor(stack.count / 2), site),
        subtitle: stack.prediction ? method : undefined,
      }));
      const png = contactSheet(panels, { columns: sites.length });
      return image(png, { alt: `${id}: predictions beside the reference`, width: 960 });
    },
  };
}
