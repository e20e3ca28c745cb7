import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { readConfig } from "../io/config";
import { configFolder } from "./paths";

const params = z.record(z.string(), z.unknown());

const gridsSchema = z
  .strictObject({
    /** Of the runs that choose; no profile may report it. */
    seed: z.int().nonnegative(),
    /** What the runs that choose train for at most, since they are many; default: as long as those that are reported. */
    rounds: z.int().positive().optional(),
    /** How many points each grid has: every method gets as many tries. */
    points: z.int().min(2),
    grids: z.record(z.string(), z.strictObject({ source: z.string(), values: z.array(params) })),
  })
  .superRefine(({ points, grids }, context) => {
    for (const [method, { values }] of Object.entries(grids)) {
      if (values.length === points) continue;
      const message = `${values.length} points, but every method has ${points}`;
      context.addIssue({ code: "custom", path: ["grids", method, "values"], message });
    }
  });
export type Grids = z.infer<typeof gridsSchema>;

/** @returns the grids on which free parameters are chosen: configs/tuning.yaml */
export const readGrids = (): Grids => readConfig(join(configFolder, "tuning.yaml"), gridsSchema, "configs/tuning.yaml");

const tunedSchema = z.strictObject({
  task: z.string(),
  profile: z.string(),
  seed: z.int(),
  /** That each run trained for. */
  rounds: z.int().positive(),
  engine: z.string(),
  methods: z.record(
    z.string(),
    z.strictObject({
      chosen: params,
      /** Mean validation Dice of the models that predict, clients counting the same; null where the run diverged. */
      grid: z.array(z.strictObject({ params, dice: z.number().nullable() })),
    }),
  ),
});
export type Tuned = z.infer<typeof tunedSchema>;

export const tunedPath = (task: string, profile: string): string =>
  join(configFolder, "tuned", `${task}.${profile}.yaml`);

/** @returns what validation chose for a task at a profile, or `undefined` where it was not asked. @throws WorkbenchError when it is damaged */
export function readTuned(task: string, profile: string): Tuned | undefined {
  const path = tunedPath(task, profile);
  if (!existsSync(path)) return undefined;
  const name = `configs/tuned/${task}.${profile}.yaml`;
  const tuned = readConfig(path, tunedSchema, name);
  if (tuned.task === task && tuned.profile === profile) return tuned;
  throw new WorkbenchError(
    `${name} is of task "${tuned.task}" and profile "${tuned.profile}"`,
    "name the file after them, or tune again",
  );
}
