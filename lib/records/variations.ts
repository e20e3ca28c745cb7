import { z } from "zod";
import { plainName } from "../io/plain-name";

const count = z.int().positive();

/** What a run changes of the profile's training, and of who takes part. */
export const settingsSchema = z.strictObject({
  rounds: count.optional(),
  localEpochs: count.optional(),
  /** C: share of the clients that are invited to each round. */
  fraction: z.number().gt(0).max(1).optional(),
  /** The first so many sites of the task. */
  clients: count.min(2).optional(),
  /** All sites but this one. */
  without: plainName.optional(),
});
/** What an adaptation changes of how the profile hands it the images of the held-out site. */
export const streamSchema = z.strictObject({
  batch: count.optional(),
  /** Cases as the set lists them, or by lot; the slices of a case stay in order. */
  order: z.enum(["given", "shuffled"]).optional(),
});
/** Which round's models are scored and handed on: the last, or of each client, and of the server, the one that validates best. */
export const selectionSchema = z.enum(["last", "validation"]).optional();
export type Settings = z.infer<typeof settingsSchema> &
  z.infer<typeof streamSchema> & { readonly selection?: z.infer<typeof selectionSchema> };

const several = <Value extends z.ZodType>(value: Value) => z.array(value).min(1);

const axisOf = <Setting extends string>(settings: z.ZodObject<Record<Setting, z.ZodType>>) =>
  z
    .strictObject({
      /** Ids of the entries that are varied (default: all). */
      of: several(plainName).optional(),
      setting: settings.keyof().optional(),
      param: z.string().optional(),
      /** Beside what the entry itself has. */
      values: several(z.union([z.number(), plainName])),
    })
    .refine(({ setting, param }) => (setting === undefined) !== (param === undefined), "one of setting and param")
    .refine(
      ({ setting, values }) =>
        setting === undefined || values.every((value) => settings.safeParse({ [setting]: value }).success),
      "a value that the setting cannot have",
    );

/** Axes along which some entries of an inside experiment are run again: a setting of training, or a parameter of theirs. */
export const trainingAxisSchema = axisOf(settingsSchema);
/** The same of an outside experiment: a setting of the stream, or a parameter. */
export const streamAxisSchema = axisOf(streamSchema);
export type TrainingAxis = z.infer<typeof trainingAxisSchema>;
export type Axis = TrainingAxis | z.infer<typeof streamAxisSchema>;

/** An entry of an experiment, as far as it is varied. */
interface Entry {
  readonly id: string;
  readonly variant?: string;
  readonly settings?: Settings;
  /** Parameters that count as the entry's own: they are no part of its name. */
  readonly settled?: Readonly<Record<string, unknown>>;
}

/** @returns what an axis varies: the name of the setting or of the parameter */
export const axisName = ({ setting, param }: Axis): string => setting ?? param ?? "";

/** @returns the variant of an entry at a place of an axis: `rounds=50` */
export const variantAt = (axis: Axis, value: number | string): string => `${axisName(axis)}=${value}`;

/** @returns the entries as they are, and behind them each that is varied at every value of the axes, its variant named after it */
export function withVariations<Choice extends Entry>(entries: readonly Choice[], axes: readonly Axis[]): Choice[] {
  const varied = axes.flatMap((axis) =>
    entries
      .filter(({ id }) => axis.of === undefined || axis.of.includes(id))
      .flatMap((entry) =>
        axis.values.map((value): Choice => {
          const change = { [axisName(axis)]: value };
          const variant = [entry.variant, variantAt(axis, value)].filter(Boolean).join(",");
          return axis.setting === undefined
            ? { ...entry, variant, settled: { ...entry.settled, ...change } }
            : { ...entry, variant, settings: { ...entry.settings, ...change } };
        }),
      ),
  );
  return [...entries, ...varied];
}
