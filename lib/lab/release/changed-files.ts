import { execFileSync } from "node:child_process";
import { projectRoot } from "../../records/paths";

/** @returns of some files of the project those that differ from a commit, or nothing where that commit is not known here */
export function changedFiles(commit: string, files: readonly string[]): string[] {
  if (!/^[0-9a-f]{7,40}$/.test(commit)) return [];
  try {
    const names = execFileSync("git", ["diff", "--name-only", commit, "--", ...files], {
      cwd: projectRoot,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return names.split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
