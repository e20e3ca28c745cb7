import { pathToFileURL } from "node:url";
import { buildReport } from "../../report/build-report";

/** `iopfl report` */
export async function report({ profile }: { readonly profile: string }): Promise<void> {
  const { page } = await buildReport(profile);
  process.stdout.write(`report: ${pathToFileURL(page).href}\n`);
}
