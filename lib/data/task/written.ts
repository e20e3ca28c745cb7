import { z } from "zod";
import { plainName } from "../../io/plain-name";
import { imageSetNames } from "../sets/image-set-names";
import { classSchema } from "./classes";
import { ownRules } from "./own-schema";

/** The fields of a task's file, each by itself. */
export const written = z.strictObject({
  id: plainName,
  title: z.string(),
  /** The published set whose rules (names of files, checks, splits, both readings) are in code: lib/data/sets. */
  set: z.enum(imageSetNames).optional(),
  sites: z
    .array(plainName)
    .min(2)
    .refine(({ length }) => length <= 1000, "at most 1000 sites")
    .refine((sites) => new Set(sites.map((site) => site.toLowerCase())).size === sites.length, "each site once"),
  /** How many, or which; the first is the background. */
  classes: z.union([z.int().min(2), z.array(classSchema).min(2).max(64, "at most 64 classes")]),
  /** What is scored: unions of classes, each by itself, and their mean (default: every class but the background). */
  structures: z
    .array(z.strictObject({ id: plainName, classes: z.array(plainName).min(1) }))
    .min(1)
    .optional(),
  /** Neighbouring slices that a slice of a volume is seen with, itself in the middle; colours of a picture. */
  inChannels: z.int().positive(),
  ...ownRules,
});
/** A task as its file has it. */
export type WrittenTask = z.infer<typeof written>;
