import { pathToFileURL } from "node:url";
import { knownToPage } from "../known-to-page";
import { buildReport } from "../../report/build-report";

/** `iopfl report` */
export async function report({ profile }: { readonly profile: string }): Promise<void> {
  const { page, damaged } = await buildReport(profile, knownToPage(profile));
  for (const line of damaged) process.stderr.write(`left out: ${line}\n`);
  process.stdout.write(`report: ${pathToFileURL(page).href}\n`);
}
