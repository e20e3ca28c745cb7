import { WorkbenchError } from "../../core/errors";
import type { Entry } from "../../records/config";
import { paramsLabel } from "../../records/params-label";
import { readGrids, type Grids } from "../../records/tuned";
import { planVariant, type ExperimentPlan, type PlanOptions } from "./plan-experiment";

/** A point of a method's grid, and the name of the job that tries it. */
export interface GridPoint {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly job: string;
}

export interface TuningPlan {
  readonly plan: ExperimentPlan;
  readonly points: readonly GridPoint[];
  readonly seed: number;
  readonly rounds: number;
}

/**
 * Plans the runs that choose the free parameters of an inside experiment: each method that has a grid in configs/tuning.yaml at each of its
 * points, with one seed, scored on validation cases alone. Their records lie in `<experiment>.tuning`.
 * @throws WorkbenchError when a profile reports that seed, or there is nothing to choose
 */
export async function planTuning(id: string, options: Omit<PlanOptions, "seeds" | "params">): Promise<TuningPlan> {
  const { seed, grids, rounds: most = Infinity } = readGrids();
  let points: GridPoint[] = [];
  let rounds = 0;
  const plan = await planVariant(id, options, ({ experiment, profile }) => {
    if (profile.seeds.includes(seed))
      throw new WorkbenchError(
        `profile "${profile.id}" reports seed ${seed}, with which parameters are chosen`,
        "name another seed in configs/tuning.yaml",
      );
    const entries = experiment.kind === "inside" ? gridEntries(experiment.methods, grids) : [];
    if (entries.length === 0)
      throw new WorkbenchError(
        `no method of ${id} has a grid at the profile "${profile.id}"`,
        "configs/tuning.yaml has the grids of inside methods; --methods names methods that the profile leaves out",
      );
    points = entries.map(({ id: method, variant, settled = {} }) => ({
      method,
      params: settled,
      job: `${method}.${variant}.seed${seed}`,
    }));
    const { training } = profile;
    rounds = Math.min(training.rounds, most);
    return {
      experiment: { ...experiment, id: `${id}.tuning`, methods: entries, vary: [] } as typeof experiment,
      profile: { ...profile, seeds: [seed], training: { ...training, rounds } },
      choosing: true,
    };
  });
  return { plan, points, seed, rounds };
}

/** A variant is no free parameter of its method: the method itself is tuned, each once. */
function gridEntries(methods: readonly Entry[], { ...grids }: Grids["grids"]): Entry[] {
  return methods
    .filter(({ id, variant }) => variant === undefined && Object.hasOwn(grids, id))
    .flatMap(({ id, params }) =>
      grids[id].values.map((settled) => ({ id, params, settled, variant: paramsLabel(settled) })),
    );
}
