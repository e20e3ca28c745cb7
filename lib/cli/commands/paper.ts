import { WorkbenchError } from "../../core/errors";
import { readProfile } from "../../records/config";
import { missingOf, type Missing } from "../../report/paper/missing";
import { paperBeside, wantsNote, type PaperBeside } from "../../report/paper/paper-tables";
import { readPaperTables } from "../../report/paper/read";
import { printJson } from "../streams";

interface PaperCheck {
  readonly profile: string;
  readonly json: boolean;
}

/**
 * `iopfl paper check`: what of the paper's tables is not transcribed, and how the rest compares with a profile's results.
 * @throws WorkbenchError for a file that is not valid, and where a verdict lacks its note
 */
export function check({ profile: id, json }: PaperCheck): void {
  const profile = readProfile(id);
  const files = readPaperTables();
  const missing = files.map(missingOf);
  const beside = paperBeside(profile, files);
  if (json) printJson(missing.map((each, index) => ({ ...each, profile: id, verdicts: countsOf(beside[index]) })));
  else
    process.stdout.write(
      `${missing.map((each, index) => describe(each, beside[index])).join("\n")}\n${advice(missing, id)}\n`,
    );
  const lacking = beside.flatMap(({ file, places }) =>
    places.filter(({ judged }) => judged.wantsNote).map((place) => `${file}: ${wantsNote(place)}`),
  );
  if (lacking.length === 0) return;
  const more = lacking.length > 1 ? ` (and ${lacking.length - 1} more)` : "";
  throw new WorkbenchError(`${lacking[0]}${more}`, `then run npx iopfl paper check --profile ${id} again`);
}

function countsOf({ places }: PaperBeside): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { judged } of places) counts[judged.verdict] = (counts[judged.verdict] ?? 0) + 1;
  return counts;
}

function describe({ file, title, cells, transcribed, words, line }: Missing, beside: PaperBeside): string {
  const verdicts = Object.entries(countsOf(beside)).map(([verdict, count]) => `${count} ${verdict}`);
  return [
    `${file}: ${title}`,
    `  ${transcribed} of ${cells} numbers are transcribed${line === undefined ? "" : `; the first gap is in line ${line}`}`,
    ...(words.length > 0 ? [`  also missing: ${words.join(", ")}`] : []),
    ...(transcribed > 0 ? [`  verdicts: ${verdicts.join(", ")}`] : []),
  ].join("\n");
}

function advice(missing: readonly Missing[], profile: string): string {
  if (missing.length === 0) return "no table of the paper is configured: configs/paper/table-*.yaml";
  if (missing.every(({ line }) => line === undefined))
    return `everything is transcribed; verdicts are those of profile ${profile}`;
  return [
    "To fill them you need the paper: arXiv 2204.08467v2 or doi 10.1109/TMI.2023.3263072. Never copy a number from memory or from another paper.",
    "Open a file above at the line named; in place of `not transcribed` write the number as printed (93.1), { value: 93.1, deviation: 0.4 },",
    "or `none` where the table has no number. Add, rename or remove rows, columns and metrics until they are the table's, then check again.",
  ].join("\n");
}
