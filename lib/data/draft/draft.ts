import { quote, WorkbenchError } from "../../core/errors";
import type { FoundCase } from "../set/plan";
import type { FileSource } from "../set/source";
import { unreadFormats, type Modality } from "../sets/own/formats";
import { planLayout } from "../sets/own/layouts/plan";
import { lookAtCase, type CaseLook } from "../sets/own/look";
import { layoutSchema, type Layout } from "../task/layout-schema";
import { detectLayout } from "./detect";
import type { Detected } from "./detected";
import { modalityOf } from "./files";
import { draftClasses, namesIn, type DraftClass } from "./labels";

/** A task as a folder suggests it: to be read, and mended. */
export interface Draft extends Detected {
  readonly modality: Modality;
  readonly classes: readonly DraftClass[];
  readonly inChannels: number;
  readonly orientation: string;
  readonly normalisation: unknown;
  readonly split: "parts" | "seeded";
  /** Cases by site. */
  readonly cases: Readonly<Record<string, number>>;
  /** What has to be looked at, one line each. */
  readonly notes: readonly string[];
}

/** Cases of each site that are read: enough to meet rare classes, few enough to wait for. */
const casesRead = 12;
const guide = "see docs/own-data.md for the layouts that are known, or list the files in a manifest.csv";

/**
 * Looks at the names of files and at some cases of every site.
 * @throws WorkbenchError when nothing can be read, no layout fits, or there is only one site
 */
export function draftTask({ names, read, refused }: FileSource): Draft {
  const modality = modalityOf(names);
  if (modality === undefined) throw nothingReadable(names, read);
  const found = detectLayout(names, modality, read);
  if (!found)
    throw new WorkbenchError(`${names.length} files, but no images with masks among them that could be paired`, guide);
  if (found.sites.length < 2)
    throw new WorkbenchError(
      `images of one site alone (${found.sites.map(quote).join(", ") || "none is named"}), and a federation has two or more`,
      "give the images of every site a folder of their own, or list them in a manifest.csv; see docs/own-data.md",
    );
  const plan = planLayout(checkedLayout(found), found.sites, modality, names, read);
  const looks = found.sites.flatMap((site) => sampled(plan.cases.filter((each) => each.site === site)));
  const seen = looks.map((each) =>
    lookAtCase(modality, { image: read(each.image), mask: read(each.mask) }, `${each.site}/${each.id}`),
  );
  const { classes, notes } = draftClasses(valuesIn(seen), listedNames(names, read));
  return {
    ...found,
    ...{ modality, classes, ...imageRules(modality, seen) },
    split: plan.cases.some(({ part }) => part === "test") && plan.cases.every(({ part }) => part) ? "parts" : "seeded",
    cases: Object.fromEntries(
      found.sites.map((site) => [site, plan.cases.filter((each) => each.site === site).length]),
    ),
    notes: [
      ...notes,
      ...plan.faults,
      ...plan.notes,
      ...refused.map((name) => `${name} is a link or no file, which is not followed`),
      ...found.sites.flatMap((site) => few(site, plan.cases)),
    ],
  };
}

/** A folder may be called what no path in a task may be. */
function checkedLayout({ layout }: Detected): Layout {
  const checked = layoutSchema.safeParse(layout);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0];
  throw new WorkbenchError(
    `${path.map((each) => quote(String(each))).join(", ")}: ${message}`,
    "rename the folder or the file",
  );
}

/** Some of a site's cases, from its first to its last. */
const sampled = (cases: readonly FoundCase[]): readonly FoundCase[] => {
  const count = Math.min(casesRead, cases.length);
  return Array.from({ length: count }, (_, i) => cases[Math.floor((i * cases.length) / count)]);
};

const few = (site: string, cases: readonly FoundCase[]) => {
  const { length } = cases.filter((each) => each.site === site);
  return length < 3 ? [`${site} has ${length} cases, and needs three: to train, to validate and to test`] : [];
};

function valuesIn(looks: readonly CaseLook[]): Map<number, number> {
  const all = new Map<number, number>();
  for (const { values } of looks) for (const [value, count] of values) all.set(value, (all.get(value) ?? 0) + count);
  return all;
}

function listedNames(names: readonly string[], read: (name: string) => Uint8Array): Map<number, string> {
  const list = names.find((name) => /(^|\/)dataset\.json$/i.test(name));
  return list === undefined ? new Map<number, string>() : namesIn(read(list));
}

/** Below this an image is one of Hounsfield units: air has -1000. */
const hounsfield = -500;

function imageRules(
  modality: Modality,
  looks: readonly CaseLook[],
): Pick<Draft, "inChannels" | "orientation" | "normalisation"> {
  if (modality === "picture")
    return {
      inChannels: looks.some(({ channels }) => channels === 3) ? 3 : 1,
      orientation: "as-stored",
      normalisation: "z-score",
    };
  const axes = new Map<string, number>();
  for (const look of looks) if (look.axes) axes.set(look.axes, (axes.get(look.axes) ?? 0) + 1);
  const [usual] = [...axes].sort(([, a], [, b]) => b - a);
  const told = looks.every((look) => look.axes !== undefined);
  return {
    inChannels: looks.some(({ shape }) => shape[0] > 1) ? 3 : 1,
    orientation: told && axes.size > 1 ? usual[0] : "as-stored",
    normalisation: looks.some(({ range: [low] }) => low < hounsfield) ? { window: [-160, 240] } : "z-score",
  };
}

/** Files without an ending are those of many scanners: "DICM" stands behind 128 bytes. */
function nothingReadable(names: readonly string[], read: (name: string) => Uint8Array): WorkbenchError {
  const [unread] = unreadFormats(names);
  if (unread) return new WorkbenchError(`nothing that is read: ${unread}`, guide);
  const isDicom = (name: string) => Buffer.from(read(name).subarray(128, 132)).toString("latin1") === "DICM";
  const dicom = names.slice(0, 5).find(isDicom);
  if (dicom !== undefined)
    return new WorkbenchError(
      `${quote(dicom)} is DICOM, which is not read`,
      "convert every series with dcm2niix: dcm2niix -z y -o <folder> <series>",
    );
  return new WorkbenchError(
    `${names.length} files, none of them .nii, .nii.gz, .hdr with .img, .png, .jpg, .bmp, .tif, .npy or .npz`,
    guide,
  );
}
