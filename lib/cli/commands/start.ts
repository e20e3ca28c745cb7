import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { probeTensorflow, type EngineChoice } from "../../engine";
import { experimentsAt } from "../../records/experiment-at";
import { workFolder } from "../../records/paths";
import { probeJupyter } from "../../notebook/jupyter/probe";
import { knownToPage } from "../known-to-page";
import { buildReport } from "../../report/build-report";
import { textTable } from "../../report/text-table";
import { describeSeconds } from "../../core/duration";
import { runWithProgress } from "./run";
import { executeNotebooks } from "./notebooks";
import { setup } from "./setup";

interface StartOptions {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly workers?: number;
  readonly setup: boolean;
}

/** `npm start`: from a clone to a report. What was done before is reused; it can be stopped at any time. */
export async function start({ profile, engine, workers, setup: wanted }: StartOptions): Promise<void> {
  const jupyter = !probeJupyter().installed;
  if (wanted && (needsEngine(engine) || jupyter))
    await setup({ gpu: false, webgpu: false, engine: needsEngine(engine), jupyter });
  const started = Date.now();
  const engines = new Set<string>();
  for (const { id } of experimentsAt(profile)) {
    const outcome = await runWithProgress(id, { profile, engine, workers });
    engines.add(`${outcome.engine} (${outcome.engineWhy})`);
  }
  await executeNotebooks([], { profile, engine });
  const { page, tables } = await buildReport(profile, knownToPage(profile));
  process.stdout.write(`\nengine: ${[...engines].join(", ")}\n\n${tables.map(textTable).join("\n\n")}\n\n`);
  process.stdout.write(`time: ${describeSeconds((Date.now() - started) / 1000)} after set-up\n`);
  process.stdout.write(
    `notebooks: ${pathToFileURL(join(workFolder, "notebooks")).href}\nreport: ${pathToFileURL(page).href}\n`,
  );
  process.stdout.write(
    `next: npm run lab opens the notebooks; npx iopfl --help lists everything${profile === "quick" ? "; --profile phantom runs the experiments at full size" : ""}\n`,
  );
}

function needsEngine(engine: EngineChoice): boolean {
  return (engine === "auto" || engine === "tensorflow") && !probeTensorflow().verified;
}
