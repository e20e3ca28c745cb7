import { z } from "zod";
import { projectConfig } from "../../io/project-config";

/** The sites of a published set, each under its name, in the order of `names`. */
export type SiteTable<Name extends string, Site> = ReadonlyMap<string, Site & { readonly name: Name }>;

/**
 * A table of sites as data: a YAML file with one entry for each name.
 * @returns what reads it, once. @throws WorkbenchError naming the line of a bad value
 */
export function siteTable<Name extends string, Site extends z.ZodType<object>>(
  file: string,
  names: readonly Name[],
  site: Site,
): () => SiteTable<Name, z.output<Site>> {
  const read = projectConfig(file, z.record(z.enum(names), site));
  let known: SiteTable<Name, z.output<Site>> | undefined;
  return () => (known ??= new Map(names.map((name) => [name, { ...read()[name], name }])));
}
