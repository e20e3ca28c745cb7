import { join } from "node:path";
import { z } from "zod";
import { readConfig } from "../io/config";
import { configFolder } from "./paths";

/** A figure that tells how hard a set is: which control's scores it is made of. */
const figure = z.strictObject({
  id: z.string(),
  title: z.string(),
  method: z.string(),
  /** At a client's own test cases, at the site that a run went without, or by the model of another client. */
  scored: z.enum(["own", "left-out", "another"]),
});
export type ControlFigure = z.infer<typeof figure>;

const dice = z.number().min(0).max(1);
const range = z.strictObject({
  task: z.string(),
  figure: z.string(),
  dice: z.tuple([dice, dice]).refine(([low, high]) => low <= high, "the lowest first"),
  mean: dice,
  source: z.string(),
});
export type ReferenceRange = z.infer<typeof range>;

const schema = z.strictObject({ figures: z.array(figure), ranges: z.array(range) }).check(({ value, issues }) => {
  const known = value.figures.map(({ id }) => id);
  value.ranges.forEach((each, index) => {
    const message = `"${each.figure}" is no figure; use one of ${known.join(", ")}`;
    if (!known.includes(each.figure))
      issues.push({ code: "custom", input: each.figure, path: ["ranges", index, "figure"], message });
  });
});

/** @returns the figures, and what others measured of them on a task's real set */
export function readReferenceRanges(task: string): {
  readonly figures: readonly ControlFigure[];
  readonly ranges: readonly ReferenceRange[];
} {
  const path = join(configFolder, "paper", "reference-ranges.yaml");
  const { figures, ranges } = readConfig(path, schema, "configs/paper/reference-ranges.yaml");
  return { figures, ranges: ranges.filter((each) => each.task === task) };
}
