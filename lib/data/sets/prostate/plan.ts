import { misplaced, pairFiles, type ImportPlan, type NamedFile } from "../../set/plan";
import { prostateSiteTable, type ProstateSite } from "./sites";

/** Volumes of the set in a format that is not read, and what they are. */
const otherVolume = /^case\d\d.*?\.(hdr|img|mha|mhd|nrrd|nhdr|dcm|mgz|nii\.(?:bz2|xz|zip|zst)|(?:hdr|img)\.gz)$/i;
const pairHalf = "is half of a .hdr/.img pair";
const packed = "is packed in another way than by gzip";
const otherFormats: Readonly<Record<string, string>> = {
  hdr: pairHalf,
  img: pairHalf,
  "hdr.gz": pairHalf,
  "img.gz": pairHalf,
  mha: "is a MetaImage",
  mhd: "is the header of a MetaImage",
  nrrd: "is an NRRD file",
  nhdr: "is the header of an NRRD file",
  dcm: "is a DICOM file",
  mgz: "is a FreeSurfer volume",
  "nii.bz2": packed,
  "nii.xz": packed,
  "nii.zip": packed,
  "nii.zst": packed,
};

/**
 * Finds the 116 published cases among names, below whatever folder and in either naming of the sites.
 * @param names paths with slashes
 */
export function planProstate(names: readonly string[]): ImportPlan {
  const sites = [...prostateSiteTable().values()];
  const files: NamedFile[] = [];
  const [strays, unread]: [string[], string[]] = [[], []];
  for (const name of names) {
    const [file, folder = "."] = name.split("/").reverse();
    const match = /^case(\d\d)(.*)\.nii(\.gz)?$/i.exec(file);
    if (!match) {
      const other = otherVolume.exec(file);
      if (other) unread.push(`${name} ${otherFormats[other[1].toLowerCase()]}; save it as .nii.gz`);
      continue;
    }
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
      ...unread,
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
