import { misplaced, pairFiles, type ImportPlan, type NamedFile } from "../../../set/plan";
import { endingOf, unreadFormats, type Modality } from "../formats";

/** How a layout tells what files are. */
export interface Finder {
  readonly sites: readonly string[];
  /** @returns what a file is, by its name: one thing, nothing, or the claims of several sites */
  find(name: string): readonly NamedFile[];
  /** @returns in words where files of a site were looked for */
  where(site: string): string;
  /** Whether an image without a mask is usual where it lies, and left out. */
  unlabelled(image: NamedFile): boolean;
  /** @returns lines on readable files that are nothing in the layout */
  strays(names: readonly string[]): readonly string[];
}

/** @returns the cases among some files, and what is none of them @param names paths with slashes */
export function planFiles(names: readonly string[], modality: Modality, finder: Finder): ImportPlan {
  const files: NamedFile[] = [];
  const [odd, strays]: [string[], string[]] = [[], []];
  for (const name of names) {
    const found = finder.find(name);
    if (new Set(found.map(({ site }) => site)).size > 1)
      odd.push(
        `${name} belongs to ${found.map(({ site }) => site).join(" and ")}; give the sites folders or prefixes of their own`,
      );
    else if (found.length > 0) files.push(found[0]);
    else if (endingOf(name, modality)) strays.push(name);
  }
  const labelled = new Set(files.filter(({ kind }) => kind === "mask").map(keyOf));
  const without = files.filter(
    (file) => file.kind === "image" && !labelled.has(keyOf(file)) && finder.unlabelled(file),
  );
  const { cases, faults } = pairFiles(files.filter((file) => !without.includes(file)));
  const unread = unreadFormats(names);
  return {
    cases,
    faults: [...odd, ...faults, ...(cases.length === 0 ? unread : [])],
    missing: finder.sites
      .filter((site) => !cases.some((each) => each.site === site))
      .map((site) => `${site}: no case in ${finder.where(site)}`),
    notes: [
      ...finder.strays(strays),
      ...misplaced(
        without.map(({ name }) => name),
        "holds images without masks",
      ),
      ...(cases.length === 0 ? [] : unread),
    ],
  };
}

const keyOf = ({ site, id }: NamedFile) => JSON.stringify([site, id]);
