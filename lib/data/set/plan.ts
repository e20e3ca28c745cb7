/** Parts that sets are published in; where none validates, which cases do is left open. */
export type PublishedPart = "train" | "validation" | "test";

/** A case whose two files were found. */
export interface FoundCase {
  readonly site: string;
  readonly id: string;
  /** Names in the source. */
  readonly image: string;
  readonly mask: string;
  /** The published part whose folder they lie in, where a set has such folders. */
  readonly part?: PublishedPart;
  /** Where they belong below the folder of the set. */
  readonly to: { readonly image: string; readonly mask: string };
}

/** What a source holds of a set, before anything is read. */
export interface ImportPlan {
  readonly cases: readonly FoundCase[];
  /** Everything that is extra, doubled or in the wrong place, one line each. */
  readonly faults: readonly string[];
  /** What the published set has and the source has not, one line each. */
  readonly missing: readonly string[];
  /** What was seen and left out on purpose, one line each. */
  readonly notes: readonly string[];
}

/** One file of a set, known by its name alone. */
export interface NamedFile {
  readonly name: string;
  readonly site: string;
  readonly id: string;
  readonly kind: "image" | "mask";
  readonly part?: PublishedPart;
  readonly to: string;
}

/** What browsers and file managers add to the name of a second copy: `Case27 (1)`, `Case27 - Copy`, `Case27 copy 2`. */
const copyMark = / ?\(\d+\)| - copy( \(\d+\))?| copy( \d+)?/i;

const isCopy = ({ name }: NamedFile) => copyMark.test(name.slice(name.lastIndexOf("/") + 1));

/** Pairs images with masks; a file that is there twice or alone is a fault. Of two, the one that is no copy by its name is taken. */
export function pairFiles(files: readonly NamedFile[]): Pick<ImportPlan, "cases" | "faults"> {
  const found = new Map<string, Partial<Record<"image" | "mask", NamedFile>>>();
  const faults: string[] = [];
  for (const file of files) {
    const key = `${file.site}/${file.id}`;
    const pair = found.get(key) ?? {};
    const other = pair[file.kind];
    const taken = other && !(isCopy(other) && !isCopy(file)) ? other : file;
    found.set(key, { ...pair, [file.kind]: taken });
    if (other)
      faults.push(
        `${key} has two ${file.kind} files: ${other.name} and ${file.name}; ${taken.name} is taken, the other left out`,
      );
  }
  const cases: FoundCase[] = [];
  for (const [key, { image, mask }] of found) {
    if (image && mask)
      cases.push({
        site: image.site,
        id: image.id,
        image: image.name,
        mask: mask.name,
        ...(image.part && { part: image.part }),
        to: { image: image.to, mask: mask.to },
      });
    else faults.push(`${key} has no ${image ? "mask" : "image"} beside ${(image ?? mask)?.name}`);
  }
  return { cases, faults };
}

/** One line for each folder that holds files of the set where none belong, however many. @param what is wrong with the folder */
export function misplaced(names: readonly string[], what: string): string[] {
  const folders = new Map<string, string[]>();
  for (const name of names) {
    const folder = name.slice(0, Math.max(0, name.lastIndexOf("/"))) || ".";
    folders.set(folder, [...(folders.get(folder) ?? []), name.slice(name.lastIndexOf("/") + 1)]);
  }
  return Array.from(folders, ([folder, files]) => {
    const more = files.length > 3 ? ` and ${files.length - 3} more` : "";
    return `${folder} ${what}; left out: ${files.slice(0, 3).join(", ")}${more}`;
  });
}
