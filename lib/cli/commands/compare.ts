import { execFileSync } from "node:child_process";
import { WorkbenchError } from "../../core/errors";
import { configIds, projectRoot } from "../../records/paths";
import { besideReleased } from "../../report/beside-released";
import { comparedTables, compareSides, type SidesCompared } from "../../report/compare/compare-sides";
import { findSide } from "../../report/compare/sides";
import { textTable } from "../../report/text-table";
import { printJson } from "../streams";

interface CompareCommand {
  readonly profile: string;
  readonly json: boolean;
}

/** `iopfl compare <a> [b] [experiments...]`; a profile alone, or with experiments: own records beside the released ones. */
export function compare(words: readonly (string | undefined)[], { profile, json }: CompareCommand): void {
  const [first = "", second, ...experiments] = words.filter((word): word is string => word !== undefined);
  const known = configIds("experiments");
  if (second === undefined || known.includes(second))
    return compareWithReleased(first, second === undefined ? [] : [second, ...experiments], json);
  const strange = experiments.find((id) => !known.includes(id));
  if (strange !== undefined)
    throw new WorkbenchError(`unknown experiment "${strange}"`, `use one of ${known.join(", ")}`);
  const [a, b] = [findSide(first, profile), findSide(second, profile)];
  for (const line of [...a.damaged, ...b.damaged]) process.stderr.write(`left out: ${line}\n`);
  const compared = compareSides(a, b, experiments);
  const files = filesBetween(compared.commits);
  if (json) printJson({ ...compared, files });
  else process.stdout.write(`${describe(compared, files)}\n`);
}

function compareWithReleased(profile: string, experiments: readonly string[], json: boolean): void {
  if (!configIds("profiles").includes(profile))
    throw new WorkbenchError(`there is nothing to compare "${profile}" with`, "name two sides, or one profile");
  const tables = besideReleased(profile, experiments);
  if (json) return printJson(tables);
  if (tables.length === 0)
    throw new WorkbenchError(
      `no own record of profile "${profile}" answers a released question`,
      `npx iopfl run <experiment> --profile ${profile} --fresh computes some`,
    );
  process.stdout.write(`${tables.map(textTable).join("\n\n")}\n`);
}

/** Lines that are printed of a list. */
const longest = 12;

function describe(compared: SidesCompared, files: readonly string[] | undefined): string {
  const { a, b, changes, onlyA, onlyB } = compared;
  const changed = changes.map(
    ({ what, a: before, b: after, methods }) =>
      `${what}: ${before} -> ${after}${methods.length > 0 ? ` (${methods.join(", ")})` : ""}`,
  );
  return [
    ...comparedTables(compared).map((table) => `${textTable(table)}\n`),
    listed(`what changed from ${a} to ${b}`, changed, "nothing, in configuration, code, arithmetic or machine"),
    files === undefined
      ? ""
      : listed("files of code and configuration that differ between their commits", files, "none"),
    onlyA.length > 0 ? listed(`only in ${a}`, onlyA) : "",
    onlyB.length > 0 ? listed(`only in ${b}`, onlyB) : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function listed(title: string, lines: readonly string[], none = ""): string {
  if (lines.length === 0) return `${title}: ${none}`;
  const more = lines.length > longest ? [`... and ${lines.length - longest} more (--json lists all)`] : [];
  return [`${title}:`, ...[...lines.slice(0, longest), ...more].map((line) => `  ${line}`)].join("\n");
}

/** @returns the files that differ, where each side was made by one commit and git knows both */
function filesBetween({ a, b }: SidesCompared["commits"]): string[] | undefined {
  const clean = /^[0-9a-f]{7,40}/;
  const [one, two] = [a, b].map((commits) => (commits.length === 1 ? clean.exec(commits[0])?.[0] : undefined));
  if (one === undefined || two === undefined || one === two) return undefined;
  try {
    const names = execFileSync("git", ["diff", "--name-only", one, two, "--", "lib", "configs", "package-lock.json"], {
      cwd: projectRoot,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return names.split("\n").filter(Boolean);
  } catch {
    return undefined;
  }
}
