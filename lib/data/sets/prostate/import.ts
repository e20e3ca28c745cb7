import { misplaced, pairFiles, type ImportPlan, type NamedFile } from "../../import/plan";
import type { PreparedCase } from "../../set/prepared";
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
      ...sites.flatMap((site) => againstManifest(site, files)),
    ],
  };
}

/** Which published cases of a site are not there, and which are there that were not published. */
function againstManifest({ name, cases }: ProstateSite, files: readonly NamedFile[]): string[] {
  const there = new Set(files.filter(({ site }) => site === name).map(({ id }) => id));
  const missing = cases.filter((id) => !there.has(id));
  const extra = [...there].filter((id) => !cases.includes(id));
  return [
    ...(missing.length > 0
      ? [`${name}: missing ${missing.length} of ${cases.length} cases: ${missing.join(" ")}`]
      : []),
    ...(extra.length > 0 ? [`${name}: not among the published cases, left out: ${extra.join(" ")}`] : []),
  ];
}

/** What differs between a case and the published set: 384 x 384 pixels, zones 1 and 2 at most, a gland without gaps. */
export function prostateOddities({ shape, labels, slices }: PreparedCase): string[] {
  const [, height, width] = shape;
  const gaps = slices.some((slice, i) => i > 0 && slice !== slices[i - 1] + 1);
  return [
    ...(height === 384 && width === 384 ? [] : [`slices of ${height} x ${width} pixels, published 384 x 384`]),
    ...(labels.every((label) => [0, 1, 2].includes(label))
      ? []
      : [`mask values ${labels.join(", ")}, published 0, 1 and 2; all above 0 count as prostate`]),
    ...(slices.length < 3 ? ["fewer than three labelled slices, which the published reading refuses"] : []),
    ...(gaps ? ["unlabelled slices between labelled ones"] : []),
  ];
}
