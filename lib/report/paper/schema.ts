import { z } from "zod";
import { plainName } from "../../io/plain-name";

/** What stands wherever nobody has yet copied from the paper. */
export const notTranscribed = "not transcribed";

const blank = z.literal(notTranscribed);
const text = z.string().min(1);
const transcribed = z.strictObject({
  value: z.number(),
  /** What the paper prints behind the mean. */
  deviation: z.number().nonnegative().optional(),
  /** Why ours differs, or cannot be compared: such a verdict does not stand without it. */
  note: text.optional(),
});
/** A number as the table prints it, or that nobody has copied it yet, or that the table has none there. */
const cell = z.union([z.number(), blank, z.literal("none"), transcribed], {
  error: `write the number as the paper prints it, { value, deviation, note }, "${notTranscribed}", or "none" where the table has no number`,
});
export type PaperCell = z.infer<typeof cell>;

const metric = z.strictObject({
  id: plainName,
  /** Which of our scores answers it; `none` where no score of ours is defined as the paper's. */
  ours: z.enum(["dice", "officialDice", "hd95", "assd", "none"]),
  /** Of a task with several structures, which one. */
  structure: plainName.optional(),
  /** How the paper defines it, in its words: without it no number can be compared. */
  definition: text,
  unit: z.enum(["fraction", "percent", "mm", "px"]),
  /** In that unit: how far from the paper's a number may lie that is still called close. */
  tolerance: z.number().positive(),
  /** What makes us think that the table has it. */
  basis: text,
});
export type PaperMetric = z.infer<typeof metric>;

const column = z.strictObject({ id: plainName, sites: z.array(plainName).min(1) });
const row = z.strictObject({
  /** The entry of our experiment. */
  method: plainName,
  variant: plainName.optional(),
  /** How the paper's table calls it. */
  called: text,
  /** What makes us think that the table has it. */
  basis: text,
  /** `cells[metric][column]`. */
  cells: z.record(z.string(), z.record(z.string(), cell)),
});
export type PaperRow = z.infer<typeof row>;

const onceEach = (ids: readonly string[]) => new Set(ids).size === ids.length;

/** A table of the paper. */
export const paperTableSchema = z
  .strictObject({
    id: plainName,
    title: text,
    /** Where in the paper: its number and page. */
    where: text,
    /** What its numbers were measured on: a phantom answers no number that was measured on patients. */
    measuredOn: z.enum(["patients", "phantom"]),
    experiment: plainName,
    metrics: z
      .array(metric)
      .min(1)
      .refine((all) => onceEach(all.map(({ id }) => id)), "each id once"),
    columns: z
      .array(column)
      .min(1)
      .refine((all) => onceEach(all.map(({ id }) => id)), "each id once"),
    rows: z
      .array(row)
      .min(1)
      .refine((all) => onceEach(all.map(({ method, variant }) => `${method} ${variant ?? ""}`)), "each method once"),
  })
  .superRefine(({ where, rows }, context) => {
    const cells = rows.flatMap(({ cells: of }) => Object.values(of).flatMap((byColumn) => Object.values(byColumn)));
    if (where !== notTranscribed || cells.every((value) => typeof value === "string")) return;
    const message = "a number is transcribed, but not where in the paper it stands; write the table's number and page";
    context.addIssue({ code: "custom", path: ["where"], message });
  })
  .superRefine(({ metrics, columns, rows }, context) => {
    const known = { metric: metrics.map(({ id }) => id), column: columns.map(({ id }) => id) };
    const refuse = (what: "metric" | "column", name: string, path: PropertyKey[]) => {
      if (known[what].includes(name)) return;
      const message = `the table has no ${what} "${name}"; use one of ${known[what].join(", ")}`;
      context.addIssue({ code: "custom", path, message });
    };
    rows.forEach(({ cells }, index) => {
      for (const [name, of] of Object.entries(cells)) {
        refuse("metric", name, ["rows", index, "cells", name]);
        for (const site of Object.keys(of)) refuse("column", site, ["rows", index, "cells", name, site]);
      }
    });
  });
export type PaperTable = z.infer<typeof paperTableSchema>;
