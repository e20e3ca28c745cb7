import type { ExperimentProgress } from "../lab/progress";

/** Shows progress: one line that is rewritten on a terminal, a line every ten seconds elsewhere. */
export function progressLine(): { update(progress: ExperimentProgress): void; end(): void } {
  const terminal = process.stderr.isTTY;
  let last = 0;
  let open = false;
  return {
    update(progress) {
      const now = Date.now();
      if (now - last < (terminal ? 200 : 10_000)) return;
      last = now;
      const text = describeProgress(progress);
      if (terminal) process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      else process.stderr.write(`${text}\n`);
      open = terminal;
    },
    end() {
      if (open) process.stderr.write("\r\x1b[2K");
      open = false;
    },
  };
}

function describeProgress({ experiment, jobsDone, jobs, share, secondsLeft, job, round }: ExperimentProgress): string {
  const left = secondsLeft === undefined ? "" : `, ${describeSeconds(secondsLeft)} left`;
  const dice = round && `, round ${round.round}: validation Dice ${mean(round.personalDice).toFixed(3)}`;
  return `${experiment}: ${Math.floor(100 * share)} %, ${jobsDone} of ${jobs} jobs${left} (${job.name}${dice ?? ""})`;
}

/** @returns `42 s` or `3 min 20 s` */
export function describeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
