import { pathToFileURL } from "node:url";
import { standingLines } from "../../lab/release/standing";
import { buildReport } from "../../report/build-report";

/** `iopfl report` */
export async function report({ profile }: { readonly profile: string }): Promise<void> {
  const { page, damaged } = await buildReport(profile, standingLines(profile));
  for (const line of damaged) process.stderr.write(`left out: ${line}\n`);
  process.stdout.write(`report: ${pathToFileURL(page).href}\n`);
}
