import { subjectOf } from "../sets/own/layouts/bids";
import type { Detected } from "./detected";
import { detectList } from "./detect-list";
import type { FoundFile } from "./files";
import { withSites } from "./with-sites";

/** `root/[derivatives/name/]sub-01[/ses-1]/anat`, with slashes. */
const place =
  /^(?<root>.*?)\/?(?:derivatives\/(?<name>[^/]+)\/)?(?<subject>sub-[^/]+)\/(?:ses-[^/]+\/)?(?<datatype>[a-z]+)$/;

interface BidsFile {
  readonly root: string;
  /** Folder of derivatives; none of an image. */
  readonly name?: string;
  readonly subject: string;
  readonly datatype: string;
  readonly stem: string;
}

/** @returns a layout of BIDS where masks lie in `derivatives`: of those that are there the ones of most subjects */
export function detectBids(
  folders: ReadonlyMap<string, readonly FoundFile[]>,
  names: readonly string[],
  read: (name: string) => Uint8Array,
): Detected | undefined {
  const files = [...folders].flatMap(([folder, own]): BidsFile[] => {
    const { root, name, subject, datatype } = place.exec(folder)?.groups ?? {};
    if (subject === undefined) return [];
    return own.map(({ stem }) => ({ root: root === "" ? "." : root, name, subject, datatype, stem }));
  });
  const masks = files.filter(({ name }) => name !== undefined);
  const ofMasks = mostSubjects(masks, ({ name, datatype, stem }) => [name ?? "", datatype, lastPart(stem)]);
  if (!ofMasks) return undefined;
  const [derivatives, datatype, mask] = ofMasks;
  const labelled = new Set(masks.filter((each) => each.name === derivatives).map(keyOf));
  const raw = files.filter((each) => each.name === undefined && each.datatype === datatype);
  const candidates = raw.filter((each) => labelled.has(keyOf(each)));
  // Spinal-cord sets name masks after the whole image; else the image that most subjects with masks have is meant.
  const named = candidates.filter(({ stem }) => masks.some((each) => each.stem.startsWith(`${stem}_`)));
  const ofImages = mostSubjects(named.length > 0 ? named : candidates, ({ stem }) => [lastPart(stem)]);
  if (!ofImages) return undefined;
  const [image] = ofImages;
  const layout = { kind: "bids", derivatives, datatype, image, mask };
  const images = candidates.filter(({ stem }) => lastPart(stem) === image);
  const roots = [...new Set(images.map(({ root }) => root))].sort();
  const subjects = images.map(({ stem }) => subjectOf(stem));
  const listed = roots.length === 1 ? detectList(layout, roots[0], subjects, names, read) : undefined;
  return listed ?? withSites(layout, roots, subjects);
}

const keyOf = ({ root, subject }: BidsFile) => JSON.stringify([root, subject]);
const lastPart = (stem: string) => stem.slice(stem.lastIndexOf("_") + 1);

/** @returns what most subjects have; of equals the first by its letters */
function mostSubjects(
  files: readonly BidsFile[],
  what: (file: BidsFile) => readonly string[],
): readonly string[] | undefined {
  const subjects = new Map<string, Set<string>>();
  for (const file of files) {
    const key = JSON.stringify(what(file));
    subjects.set(key, (subjects.get(key) ?? new Set()).add(keyOf(file)));
  }
  const [best] = [...subjects].sort(([a, one], [b, two]) => two.size - one.size || (a < b ? -1 : 1));
  return best && (JSON.parse(best[0]) as string[]);
}
