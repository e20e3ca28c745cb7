import { misplaced, pairFiles, type ImportPlan, type NamedFile } from "../../set/plan";
import { prostateSiteTable, type ProstateSite } from "./sites";

/**
 * Finds the 116 published cases among names, below whatever folder and in either naming of the sites.
 * @param names paths with slashes
 */
export function planProstate(names: readonly string[]): ImportPlan {
  const sites = [...prostateSiteTable().values()];
  const files: NamedFile[] = [];
  const strays: string[] = [];
  for (const name of names) {
    const [file, folder = "."] = name.split("/").reverse();
    const match = /^case(\d\d)(.*)\.nii(\.gz)?$/i.exec(file);
    if (!match) continue;
    const site = sites.find((candidate) => [candidate.name, ...candidate.aliases].includes(folder));
    if (!site) {
      strays.push(name);
      continue;
    }
    const [, number, middle, zipped = ""] = match;
    const kind = /segmentation/i.test(middle) ? "mask" : "image";
    const id = `Case${number}`;
    files.push({
      name,
      site: site.name,
      id,
      kind,
      to: `${site.name}/${id}${kind === "mask" ? site.maskSuffix : ""}.nii${zipped.toLowerCase()}`,
    });
  }
  const paired = pairFiles(files);
  const known = sites.map((each) => [each.name, ...each.aliases].join(" or ")).join(", ");
  const published = (site: string, id: string) => sites.some((each) => each.name === site && each.cases.includes(id));
  return {
    cases: paired.cases.filter(({ site, id }) => published(site, id)),
    faults: [
      ...misplaced(strays, `is no folder of a site (${known})`),
      ...paired.faults,
      ...sites.flatMap((site) => extraCases(site, files)),
    ],
    missing: sites.flatMap((site) => missingCases(site, files)),
    notes: [],
  };
}

const idsOf = (site: string, files: readonly NamedFile[]) =>
  new Set(files.filter((file) => file.site === site).map(({ id }) => id));

function missingCases({ name, cases }: ProstateSite, files: readonly NamedFile[]): string[] {
  const there = idsOf(name, files);
  const missing = cases.filter((id) => !there.has(id));
  return missing.length > 0
    ? [`${name}: missing ${missing.length} of ${cases.length} cases: ${missing.join(" ")}`]
    : [];
}

function extraCases({ name, cases }: ProstateSite, files: readonly NamedFile[]): string[] {
  const extra = [...idsOf(name, files)].filter((id) => !cases.includes(id));
  return extra.length > 0 ? [`${name}: not among the published cases, left out: ${extra.join(" ")}`] : [];
}
