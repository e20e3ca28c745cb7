import { z } from "zod";
import { plainName } from "../../io/plain-name";

/** A place below the folder of a task: no way out of it, and nothing that a terminal or a shell would obey. */
const innerPath = z
  .string()
  .min(1)
  .max(300, "at most 300 characters")
  .refine(
    (path) => path === "." || path.split("/").every((part) => part !== "" && part !== "." && part !== ".."),
    'want a path below the folder with slashes, without ".." and not from the root',
  )
  .refine((path) => !/[\\\p{Cc}]/u.test(path), "want a path with slashes and no control characters");

/** What stands at the end of a file's name, before its extension. */
const ending = z
  .string()
  .max(64, "at most 64 characters")
  .regex(/^[^/\\\p{Cc}]*$/u, "want the end of a file's name, without slashes");

const bySite = {
  /** By site what its files have in common, where that is not a folder of the site's name. */
  sites: z
    .record(
      plainName,
      z.strictObject({
        /** Folder of the site (default: its name; `.` is the folder of the task itself). */
        folder: innerPath.optional(),
        /** How the names of its cases begin, where several sites share a folder. */
        prefix: ending.optional(),
        /** What `list` calls the site (default: its name). */
        listed: z.string().max(200, "at most 200 characters").optional(),
      }),
    )
    .default({}),
  /** A CSV or TSV file that says of each case which site it is of, where several share one data set. */
  list: z
    .strictObject({
      file: innerPath,
      /** Names of its columns (default of cases: `case`; of BIDS `participant_id`). */
      case: z.string().min(1).max(200).optional(),
      site: z.string().min(1).max(200).default("site"),
    })
    .optional(),
};

/** How the files of a task lie. */
export const layoutSchema = z.discriminatedUnion("kind", [
  /** `site/images/a.png` with `site/masks/a.png`. */
  z.strictObject({
    kind: z.literal("folders"),
    ...bySite,
    images: innerPath.default("images"),
    masks: innerPath.default("masks"),
    imageSuffix: ending.default(""),
    maskSuffix: ending.default(""),
  }),
  /** `site/a.nii.gz` with `site/a_mask.nii.gz`. */
  z
    .strictObject({
      kind: z.literal("pairs"),
      ...bySite,
      imageSuffix: ending.default(""),
      maskSuffix: ending.min(1, "the mask needs a suffix of its own"),
    })
    .refine(({ imageSuffix, maskSuffix }) => imageSuffix !== maskSuffix, {
      path: ["maskSuffix"],
      message: "image and mask have the same suffix",
    }),
  /** nnU-Net raw: `site/imagesTr/a_0000.nii.gz` with `site/labelsTr/a.nii.gz`; imagesTs with labelsTs are tested on. */
  z.strictObject({
    kind: z.literal("nnunet"),
    ...bySite,
    /** Which of a case's channels is the image: 0 is `_0000`. */
    channel: z.int().min(0).max(9999).default(0),
  }),
  /** Medical Segmentation Decathlon: `site/imagesTr/a.nii.gz` with `site/labelsTr/a.nii.gz`. */
  z.strictObject({ kind: z.literal("decathlon"), ...bySite }),
  /** BIDS: `site/sub-01/anat/sub-01_T2w.nii.gz` with `site/derivatives/<name>/sub-01/anat/sub-01_dseg.nii.gz`. */
  z.strictObject({
    kind: z.literal("bids"),
    ...bySite,
    /** Folder below `derivatives` that holds the masks. */
    derivatives: innerPath,
    datatype: z
      .string()
      .regex(/^[a-z]{1,16}$/, "want a data type, such as anat")
      .default("anat"),
    /** What the names of images and masks end on, entities before it where several masks of a case differ in them. */
    image: ending.min(1, "want the end of the images' names, such as T2w"),
    mask: ending.min(1, "want the end of the masks' names, such as dseg").default("dseg"),
  }),
  /** A CSV file with the columns site, case, image, mask and, if wanted, part; paths count from its folder. */
  z.strictObject({ kind: z.literal("manifest"), file: innerPath.default("manifest.csv") }),
]);
export type Layout = z.infer<typeof layoutSchema>;
