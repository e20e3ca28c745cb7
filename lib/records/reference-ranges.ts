import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readConfig } from "../io/config";
import { configFolder } from "./paths";

/** The figures that tell how hard a set is. */
export const controlFigures = ["within", "centralised", "fedavg", "leave-one-out", "another-site"] as const;
export type ControlFigure = (typeof controlFigures)[number];

const dice = z.number().min(0).max(1);
const range = z.strictObject({
  task: z.string(),
  figure: z.enum(controlFigures),
  dice: z.tuple([dice, dice]).refine(([low, high]) => low <= high, "the lowest first"),
  mean: dice,
  source: z.string(),
});
export type ReferenceRange = z.infer<typeof range>;

const schema = z.strictObject({ ranges: z.array(range) });

/** @returns what others measured on a task's real set; none where there is no file */
export function readReferenceRanges(task: string): readonly ReferenceRange[] {
  const path = join(configFolder, "paper", "reference-ranges.yaml");
  if (!existsSync(path)) return [];
  return readConfig(path, schema, "configs/paper/reference-ranges.yaml").ranges.filter((each) => each.task === task);
}
