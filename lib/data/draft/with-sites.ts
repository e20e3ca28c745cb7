import type { Detected } from "./detected";
import { split } from "./files";
import { plainNames } from "./plain";

/** Of several folders each is a site; in one folder those of the same beginning. */
export function withSites(layout: Detected["layout"], roots: readonly string[], stems: readonly string[]): Detected {
  if (roots.length > 1) {
    const names = roots.map((root) => split(root)[1].replace(/^(?:Dataset|Task)\d+_/i, ""));
    const sites = plainNames(names, "site");
    const mapped = sites.flatMap((site, place) => (site === roots[place] ? [] : [[site, { folder: roots[place] }]]));
    return { sites, layout: mapped.length === 0 ? layout : { ...layout, sites: Object.fromEntries(mapped) as object } };
  }
  const found = [...new Set(stems.map((stem) => stem.replace(/\d+[^\d]*$/, "")))].filter((each) => each !== "");
  // Names that are all different are no sites.
  const prefixes = found.length > 1 && 3 * found.length <= stems.length ? found : undefined;
  const sites = plainNames(prefixes ?? [split(roots[0])[1]], "site");
  const mapped = sites.map((site, place) => [site, { folder: roots[0], ...(prefixes && { prefix: prefixes[place] }) }]);
  return { sites, layout: { ...layout, sites: Object.fromEntries(mapped) as object } };
}
