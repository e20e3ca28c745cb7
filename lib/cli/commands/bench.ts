import { existsSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { growthFigure } from "../../bench/growth-figure";
import { runBench, type BenchProgress } from "../../bench/run-bench";
import { benchMarkdown, benchText } from "../../bench/table";
import { hardwareName } from "../../bench/hardware";
import type { BenchResult } from "../../bench/results";
import { extrapolatePaper } from "../../bench/extrapolate";
import { runSizing } from "../../bench/run-sizing";
import { WorkbenchError } from "../../core/errors";
import type { EngineChoice, EngineName } from "../../engine";
import { writeAtomic } from "../../io/atomic";
import { projectRoot, workFolder } from "../../records/paths";
import { resolveEngine } from "../../lab/plan/resolve-engine";
import { renderVegaLite } from "../../report/figure";
import { interruptible } from "../interrupt";
import { describeSeconds } from "../../core/duration";

export interface BenchCommand {
  readonly profile: string;
  readonly engine: EngineChoice;
  readonly quick: boolean;
  readonly only?: string;
  readonly reps?: number;
  readonly python?: string;
  readonly against?: string;
  readonly json: boolean;
  /** Not a benchmark: how long the committed results take. */
  readonly sizing: boolean;
}

/** `iopfl bench`. @throws WorkbenchError when a case could not be measured */
export async function bench({
  profile,
  quick,
  engine,
  only,
  reps,
  python,
  against,
  json,
  sizing,
}: BenchCommand): Promise<void> {
  const { name } = await resolveEngine(engine);
  if (sizing) return showSizing(name, reps);
  const result = await interruptible((signal) =>
    runBench({
      profile: quick ? "quick" : profile,
      engine: name,
      only,
      repetitions: reps,
      python,
      against: against === undefined ? undefined : checkout(against),
      signal,
      onProgress: showProgress(),
      log: say,
    }),
  );
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[2K");
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${benchText(result)}\n`);
  for (const { label, hours } of extrapolatePaper(result))
    say(`the paper's methods on the prostate, at its size, extrapolated: ${hours.toFixed(1)} hours with ${label}`);
  const path = resultPath(result, only === undefined && against === undefined);
  writeAtomic(`${path}.json`, `${JSON.stringify(result, null, 1)}\n`);
  const figure = result.growth && `${basename(path)}.growth.svg`;
  if (result.growth && figure)
    writeAtomic(join(dirname(path), figure), (await renderVegaLite(growthFigure(result.growth))).svg);
  writeAtomic(`${path}.md`, benchMarkdown(result) + (figure ? `![time against size](${figure})\n` : ""));
  say(`written: ${relative(projectRoot, path)}.json and ${pathToFileURL(`${path}.md`).href}`);
  if (result.failed.length > 0)
    throw new WorkbenchError(
      `could not be measured: ${result.failed.join("; ")}`,
      "see above; what was measured is written",
    );
}

/** @throws WorkbenchError where no checkout with a benchmark is */
function checkout(folder: string): string {
  const path = resolve(folder);
  if (!existsSync(join(path, "lib", "bench", "worker.ts")))
    throw new WorkbenchError(`${folder} is no checkout of the workbench`, "name the folder of a clone that was set up");
  return path;
}

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** @throws WorkbenchError when the committed results would take longer than they may */
async function showSizing(engine: EngineName, repetitions: number | undefined): Promise<void> {
  const { page, hours, allowed } = await interruptible((signal) =>
    runSizing({ engine, repetitions, signal, log: say }),
  );
  const path = join(projectRoot, "results", "bench", "sizing.md");
  writeAtomic(path, page);
  process.stdout.write(page);
  say(`written: ${relative(projectRoot, path)}`);
  if (hours > allowed)
    throw new WorkbenchError(
      `the committed results would take ${hours.toFixed(1)} hours, more than ${allowed}`,
      "make the profile smaller, or the code faster",
    );
}

/** A whole run is something to commit; a part of one or a quick look is not. */
function resultPath({ hardware, engine, profile }: BenchResult, whole: boolean): string {
  const name = [
    hardwareName(hardware),
    ...(profile === "standard" ? [] : [profile]),
    ...(engine === "tensorflow" ? [] : [engine]),
  ].join(".");
  return whole && profile !== "quick" ? join(projectRoot, "results", "bench", name) : join(workFolder, "bench", name);
}

/** One line that is rewritten on a terminal, a line for every case elsewhere. */
function showProgress(): (progress: BenchProgress) => void {
  let shown = "";
  return (progress) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${describe(progress)}`);
    else if (progress.case !== shown) say(describe(progress));
    shown = progress.case;
  };
}

function describe({ case: id, done, cases, secondsLeft }: BenchProgress): string {
  return `bench ${done + 1} of ${cases}: ${id}${secondsLeft === undefined ? "" : `, about ${describeSeconds(secondsLeft)} left`}`;
}
