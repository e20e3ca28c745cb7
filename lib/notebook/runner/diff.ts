import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import { readNotebook, type Notebook } from "./notebook-file";
import { percentText } from "./percent-text";

/**
 * What has changed in a notebook since a commit, cell by cell as text: outputs and counts are no changes.
 * @returns a unified diff; empty when nothing has changed
 * @throws WorkbenchError when git knows no such commit
 */
export function notebookDiff(path: string, commit = "HEAD"): string {
  const name = basename(path);
  const git = (...args: string[]) =>
    spawnSync("git", args, { cwd: dirname(path), encoding: "utf8", maxBuffer: 1 << 28 });
  const known = git("rev-parse", "--verify", "--quiet", `${commit}^{commit}`);
  if (known.status !== 0)
    throw new WorkbenchError(`git knows no commit "${commit}" here`, "name a commit of this repository, such as HEAD");
  const { status, stdout } = git("show", `${commit}:./${name}`);
  const before = status === 0 ? percentText(JSON.parse(stdout) as Notebook) : "";
  const after = percentText(readNotebook(path));

  const folder = mkdtempSync(join(tmpdir(), "iopfl-diff-"));
  try {
    writeFileSync(join(folder, "before"), before);
    writeFileSync(join(folder, "after"), after);
    const diff = spawnSync("git", ["diff", "--no-index", "--no-color", "--", "before", "after"], {
      cwd: folder,
      encoding: "utf8",
    });
    const hunks = diff.stdout.split("\n").slice(4).join("\n");
    return diff.status === 0 ? "" : `--- ${name} (${status === 0 ? commit : "not there"})\n+++ ${name}\n${hunks}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
