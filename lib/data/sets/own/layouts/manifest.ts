import { posix } from "node:path";
import { quote, WorkbenchError } from "../../../../core/errors";
import type { FoundCase, ImportPlan, PublishedPart } from "../../../set/plan";
import { endingOf, type Modality } from "../formats";
import { readTable } from "./table";

const columns = ["site", "case", "image", "mask", "part"] as const;
const parts: Readonly<Record<string, PublishedPart>> = {
  train: "train",
  training: "train",
  validation: "validation",
  val: "validation",
  test: "test",
};

type Row = Readonly<Record<(typeof columns)[number], string>>;

/**
 * The cases that a CSV file lists: site, case, image, mask and, if wanted, part (train, validation or test). Paths count from the
 * file's folder and lead out of none: only files that were found below the folder of the task are taken.
 * @throws WorkbenchError when there is no such file, or it lacks a column
 */
export function planManifest(
  file: string,
  sites: readonly string[],
  modality: Modality,
  names: readonly string[],
  read?: (name: string) => Uint8Array,
): ImportPlan {
  if (!names.includes(file) || !read)
    throw new WorkbenchError(
      `there is no ${quote(file)} in the folder of the task`,
      "write it, or name another in layout.file",
    );
  const rows = manifestRows(file, read(file));
  const known = new Set(names);
  const [cases, faults]: [FoundCase[], string[]] = [[], []];
  const seen = new Map<string, number>();
  rows.forEach((row, place) => {
    const line = place + 2;
    const fault = (column: keyof Row, problem: string) =>
      faults.push(`${file} line ${line}: ${column}: ${quote(row[column])} ${problem}`);
    const before = faults.length;
    const path = (column: "image" | "mask") => {
      const joined = posix.join(posix.dirname(file), row[column].replaceAll("\\", "/"));
      if (!known.has(joined)) fault(column, notThere(joined));
      else if (!endingOf(joined, modality)) fault(column, `is no file that is read as a ${modality}`);
      return joined;
    };
    if (!sites.includes(row.site)) fault("site", `is none of the sites ${sites.join(", ")}`);
    if (row.case === "") fault("case", "is empty; give the case a name");
    const [image, mask] = [path("image"), path("mask")];
    if (image === mask) fault("mask", "is the image itself");
    const part = row.part === "" ? undefined : parts[row.part.toLowerCase()];
    if (row.part !== "" && !part) fault("part", "is no part; write train, validation or test, or nothing");
    const key = JSON.stringify([row.site, row.case]);
    if (seen.has(key)) fault("case", `is on line ${seen.get(key)} too`);
    else seen.set(key, line);
    if (faults.length > before) return;
    cases.push({ site: row.site, id: row.case, image, mask, ...(part && { part }), to: { image, mask } });
  });
  const missing = sites.filter((site) => !cases.some((each) => each.site === site));
  return { cases, faults, missing: missing.map((site) => `${site}: no case in ${file}`), notes: [] };
}

/** @returns the lines of a manifest behind its first. @throws WorkbenchError when it lacks a column */
export function manifestRows(file: string, bytes: Uint8Array): Row[] {
  const { rows } = readTable(file, bytes, columns, {
    optional: ["part"],
    mend: "begin with a line: site,case,image,mask,part",
  });
  return rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]])) as Row);
}

const notThere = (path: string) =>
  path.startsWith("..") || path.startsWith("/")
    ? "leads out of the folder of the task; keep its files below it"
    : "is no file below the folder of the task; mend the path, which counts from the folder of this list";
