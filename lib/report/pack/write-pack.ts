import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { writeAtomic } from "../../io/atomic";
import { resultsFolder } from "../../records/paths";
import { buildReport, type Beside } from "../build-report";
import { crateMetadata } from "./crate";
import { withNotebooksAt } from "../notebook-links";
import { gather } from "./gather";

export interface Pack {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly runs: number;
  /** Files that could not be read, a line each. */
  readonly damaged: readonly string[];
}

const crate = "ro-crate-metadata.json";

/** Where a pack lies unless another folder is named: beside the profiles, no profile itself. */
export const packFolder = (profile: string): string => join(resultsFolder(), "pack", profile);

/**
 * Writes what there is to take away of a profile as an RO-Crate: numbers, tables, figures and the page. The same records give the same
 * bytes.
 * @param folder is made anew: it must be empty, or an earlier pack
 * @throws WorkbenchError when the folder holds something else, and when there is no record
 */
export async function writePack(profile: string, folder = packFolder(profile), beside?: Beside): Promise<Pack> {
  const known = existsSync(folder) ? readdirSync(folder) : [];
  if (known.length > 0 && !known.includes(crate))
    throw new WorkbenchError(`${folder} holds something that is no pack`, "name a new folder with --out");
  const { page } = await buildReport(profile, beside);
  const { facts, files, runs, damaged } = await gather(profile);
  // The notebooks stay in the project.
  const content = withNotebooksAt(readFileSync(page, "utf8"), () => undefined);
  const report = { path: "report.html", description: "The report: one page, offline", content };
  const all = [report, ...files];
  const packed = [...all, { path: crate, description: "", content: crateMetadata(facts, all) }];
  // The crate's own file goes first and comes last: a folder without it is unfinished.
  for (const name of [crate, ...known]) rmSync(join(folder, name), { recursive: true, force: true });
  for (const { path, content } of packed) writeAtomic(join(folder, path), content, { flush: false });
  const bytes = packed.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  return { folder, files: packed.length, bytes, runs, damaged };
}
