import { z } from "zod";
import { WorkbenchError } from "../../../core/errors";
import { siteTable } from "../../set/site-table";

/** The sites in the order of the official `utils/data_preprocess.py:9`. */
export const prostateSites = ["BIDMC", "HK", "I2CVB", "ISBI", "ISBI_1.5", "UCL"] as const;
export type ProstateSiteName = (typeof prostateSites)[number];

const range = z
  .tuple([z.number().positive(), z.number().positive()])
  .refine(([low, high]) => low <= high, "want [low, high]");
const caseNumber = z.string().regex(/^\d\d$/, "want two digits");
const siteSchema = z
  .strictObject({
    /** Other folder names of the same site, in newer archives. */
    aliases: z.array(z.string()),
    institution: z.string(),
    fieldTesla: z.array(z.number().positive()).min(1),
    inPlaneMillimetres: range,
    throughPlaneMillimetres: range,
    coil: z.enum(["none", "surface", "endorectal"]),
    maker: z.string(),
    /** What follows `CaseNN` in the name of a mask. */
    maskSuffix: z.string().regex(/^_segmentation$/i),
    cases: z
      .array(z.string().regex(/^\d\d(-\d\d)?$/, "want two digits or a range"))
      .transform((ranges) => ranges.flatMap(unfold)),
    labelledSlices: z.int().positive(),
    validation: z.array(caseNumber),
    test: z.array(caseNumber),
  })
  .readonly();

/** One site as it was published: acquisition, case ids (`Case07`) and the official split. */
export type ProstateSite = z.output<typeof siteSchema> & { readonly name: ProstateSiteName };

/** @returns every site by name, read once from `configs/data/prostate-sites.yaml`. */
export const prostateSiteTable = siteTable("configs/data/prostate-sites.yaml", prostateSites, siteSchema);

/** @returns a site by any of its folder names. @throws WorkbenchError naming an unknown one */
export function prostateSite(folderName: string): ProstateSite {
  for (const site of prostateSiteTable().values()) {
    if ([site.name, ...site.aliases].includes(folderName)) return site;
  }
  throw new WorkbenchError(`unknown site "${folderName}"`, `use one of ${prostateSites.join(", ")}`);
}

function unfold(text: string): string[] {
  const ends = text.split("-").map(Number);
  const first = ends[0];
  const last = ends[ends.length - 1];
  return Array.from({ length: last - first + 1 }, (_, index) => `Case${String(first + index).padStart(2, "0")}`);
}
