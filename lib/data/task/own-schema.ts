import { z } from "zod";
import { splitModeSchema } from "../set/splits";
import { layoutSchema } from "./layout-schema";

const finite = z.number();
const inOrder = ([low, high]: readonly [number, number]) => low < high;

/** How intensities become what the network sees. */
const normalisationSchema = z.union([
  /** Mean 0 and deviation 1 over the whole image of a case. */
  z.literal("z-score"),
  /** The same after values beyond two percentiles of the case were cut: of outliers. */
  z.strictObject({
    percentiles: z.tuple([z.number().min(0), z.number().max(100)]).refine(inOrder, "want [low, high]"),
  }),
  /** A window, of Hounsfield units for example, to -1 ... 1; beyond it values are cut. */
  z.strictObject({ window: z.tuple([finite, finite]).refine(inOrder, "want [low, high]") }),
]);

/** To which sides of the body columns, rows and slices run: `LPS`. */
const axes = z
  .string()
  .regex(
    /^(?=.*[LR])(?=.*[PA])(?=.*[SI])[LRPASI]{3}$/,
    "want one of L and R, one of P and A, one of S and I: for example LPS, or as-stored",
  );

/** What the file of a task of one's own says beside names: all that the published sets have in code. */
export const ownRules = {
  /** Where its images lie, relative to the project, or from the root (default: dataset/<id>). It reaches no record. */
  folder: z.string().min(1).max(1000).optional(),
  modality: z.enum(["volume", "picture"]).optional(),
  layout: layoutSchema.optional(),
  /** Which slices of a volume are used: those that show something, as in the paper, or all (default: labelled). */
  slices: z.enum(["labelled", "all"]).optional(),
  /** Default: z-score. */
  normalisation: normalisationSchema.optional(),
  /** Arrays as they lie in the files (default), or turned by their affines so that the axes run to these sides. */
  orientation: z.union([z.literal("as-stored"), axes]).optional(),
  /** Which cases train, validate and test: by lot (default), as the layout says, or by another rule. A profile's own goes before. */
  split: z.union([z.literal("parts"), splitModeSchema]).optional(),
  /** Cases that are not used, as `site/case`, by the names of their files. */
  leaveOut: z.array(z.string().max(500)).max(10_000).optional(),
  /** Whether cases go by numbers in place of the names of their files (default: no). */
  pseudonyms: z.boolean().optional(),
} as const;

type Given = z.infer<z.ZodObject<typeof ownRules>>;

/** The rules of a task of one's own, complete. */
export interface OwnRules extends Required<Omit<Given, "folder" | "leaveOut">> {
  readonly folder?: string;
  readonly leaveOut?: readonly string[];
}

/** @returns the rules as they are given, and the usual ones where they are not */
export function completeRules({ modality, layout, ...given }: Given): OwnRules {
  if (modality === undefined || layout === undefined) throw new TypeError("rules without a modality or a layout");
  const usual = {
    slices: "labelled",
    normalisation: "z-score",
    orientation: "as-stored",
    split: "seeded",
    pseudonyms: false,
  } as const;
  return { ...usual, modality, layout, ...given };
}
