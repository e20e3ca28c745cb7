import { relative } from "node:path";
import { projectRoot } from "../../core/project-root";
import { tune as chooseByValidation } from "../../lab/execute/tune";
import { textTable } from "../../report/text-table";
import { tuningTable } from "../../report/tuning-table";
import { interruptible } from "../interrupt";
import { progressLine } from "../progress-line";
import { printJson } from "../streams";
import { planOptions, type RunOptions } from "./run";

type TuneOptions = Pick<RunOptions, "profile" | "engine" | "workers" | "methods" | "quiet" | "json">;

/** `iopfl tune <experiment>` */
export async function tune(experiment: string, options: TuneOptions): Promise<void> {
  const line = progressLine(options.quiet);
  try {
    const { profile, engine, workers, methods } = planOptions(options);
    const given = { profile, engine, workers, methods, onProgress: line.update, log: line.log };
    const { tuned, path, computed, reused } = await interruptible((signal) =>
      chooseByValidation(experiment, { ...given, signal }),
    );
    line.end();
    if (options.json) return printJson({ experiment, computed, reused, ...tuned });
    const place = path.startsWith(projectRoot) ? relative(projectRoot, path) : path;
    process.stdout.write(
      `${textTable(tuningTable(tuned))}\n${computed} jobs computed, ${reused} reused; written: ${place}\n`,
    );
  } finally {
    line.end();
  }
}
