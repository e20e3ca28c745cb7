import { z } from "zod";
import { WorkbenchError } from "../../../core/errors";
import { siteTable } from "../../set/site-table";
import type { Structure } from "../../set/types";

/** The domains of the optic disc and cup set, in the order of its folders. */
export const fundusSites = ["Domain1", "Domain2", "Domain3", "Domain4"] as const;
export type FundusSiteName = (typeof fundusSites)[number];

const siteSchema = z.strictObject({
  source: z.string(),
  images: z.int().positive(),
  /** How file names begin: of eyes with glaucoma, of normal ones, of suspects; one prefix where they are not told apart. */
  prefixes: z.array(z.string()).min(1),
  /** Sizes of the published folders. */
  published: z.strictObject({ train: z.int().positive(), test: z.int().positive() }),
});

/** One domain as it was published. */
export type FundusSite = z.output<typeof siteSchema> & { readonly name: FundusSiteName };

/** Classes 1 (rim) and 2 (cup) as doctors measure them. */
export const fundusStructures: readonly Structure[] = [
  { id: "disc", classes: [1, 2] },
  { id: "cup", classes: [2] },
];

/** @returns every domain by name, read once from `configs/data/fundus-sites.yaml`. */
export const fundusSiteTable = siteTable("configs/data/fundus-sites.yaml", fundusSites, siteSchema);

/** @throws WorkbenchError naming an unknown domain */
export function fundusSite(name: string): FundusSite {
  const site = fundusSiteTable().get(name);
  if (!site) throw new WorkbenchError(`unknown site "${name}"`, `use one of ${fundusSites.join(", ")}`);
  return site;
}
