import { printable } from "../core/errors";
import { describeSeconds } from "../core/duration";
import { mean } from "../core/mean";
import type { ExperimentProgress } from "../lab/execute/progress";

export interface ProgressLine {
  update(progress: ExperimentProgress): void;
  /** The same of progress in words. */
  show(text: string): void;
  /** Writes a line of its own, above the progress. */
  log(text: string): void;
  end(): void;
}

/**
 * Shows progress: one line that is rewritten on a terminal, a line every ten seconds elsewhere.
 * @param quiet shows nothing
 */
export function progressLine(quiet = false): ProgressLine {
  if (quiet) return { update: () => undefined, show: () => undefined, log: () => undefined, end: () => undefined };
  // What cannot move its cursor gets lines.
  const terminal = process.stderr.isTTY && process.env.TERM !== "dumb";
  let last = 0;
  let open = false;
  const end = () => {
    if (open) process.stderr.write("\r\x1b[2K");
    open = false;
  };
  const show = (text: string) => {
    const now = Date.now();
    if (now - last < (terminal ? 200 : 10_000)) return;
    last = now;
    if (terminal) process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
    else process.stderr.write(`${text}\n`);
    open = terminal;
  };
  return {
    update: (progress) => show(describeProgress(progress)),
    show,
    log(text) {
      end();
      process.stderr.write(`${printable(text)}\n`);
    },
    end,
  };
}

function describeProgress({ experiment, jobsDone, jobs, share, secondsLeft, job, round }: ExperimentProgress): string {
  const left = secondsLeft === undefined ? "" : `, ${describeSeconds(secondsLeft)} left`;
  const dice = round && `, round ${round.round}: validation Dice ${mean(round.personalDice).toFixed(3)}`;
  return `${experiment}: ${Math.floor(100 * share)} %, ${jobsDone} of ${jobs} jobs${left} (${job.name}${dice ?? ""})`;
}
