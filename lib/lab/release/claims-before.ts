import { execFileSync } from "node:child_process";
import { claimHashes, parseClaims, readClaims } from "../../records/claims";
import { configFolder } from "../../records/paths";

/** Commits of the code that made the released records of an experiment. */
export type CommitsOf = (experiment: string) => readonly string[];

/**
 * The claims that numbers may be judged by: those that every commit which made them holds as they are today. Who saw the numbers first could
 * choose the rule.
 */
export function claimsBefore(commitsOf: CommitsOf, log: (line: string) => void): Record<string, string> {
  const today = claimHashes();
  const known = new Map<string, Record<string, string>>();
  const at = (commit: string) => {
    const found = known.get(commit) ?? claimsAt(commit);
    known.set(commit, found);
    return found;
  };
  const older = readClaims().filter(({ id, experiment }) => {
    const commits = [...new Set(commitsOf(experiment))];
    const younger = commits.find((commit) => at(commit)[id] !== today[id]);
    if (younger !== undefined)
      log(`no verdict on ${id}: commit ${younger}, which made the numbers of ${experiment}, does not hold its rule`);
    return commits.length > 0 && younger === undefined;
  });
  return Object.fromEntries(older.map(({ id }) => [id, today[id]]));
}

/** @returns none where the commit is not known here, or held none that can be read today */
function claimsAt(commit: string): Record<string, string> {
  if (!/^[0-9a-f]{7,40}$/.test(commit)) return {};
  try {
    const text = execFileSync("git", ["show", `${commit}:./paper/claims.yaml`], {
      cwd: configFolder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return claimHashes(parseClaims(text));
  } catch {
    return {};
  }
}
