import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { printable } from "../../core/errors";
import type { Job } from "../plan/jobs";
import { workFolder } from "../../records/paths";
import type { JobEvent } from "./pool";

/** @returns where the log of a job lies: below the work folder, as its record lies below the results */
export const logPath = ({ profile, experiment, name }: Job): string =>
  join(workFolder, "logs", profile.id, experiment, `${name}.log`);

/** @returns a listener that keeps a log for each job: when it started, each round, warnings, how it ended */
export function logJobs(): (job: Job, event: JobEvent) => void {
  const lastRound = new Map<string, number>();
  return (job, event) => {
    if (event.type === "progress") {
      if (!event.round || lastRound.get(job.id) === event.round.round) return;
      lastRound.set(job.id, event.round.round);
    }
    append(job, describe(event));
  };
}

/** @returns the message with which the latest attempt at a job failed, or `undefined` when it did not */
export function lastFailure(job: Job): string | undefined {
  const path = logPath(job);
  if (!existsSync(path)) return undefined;
  const last = readFileSync(path, "utf8").trimEnd().split("\n").pop() ?? "";
  return last.match(new RegExp(` ${job.id} failed: (.*)$`))?.[1];
}

function describe(event: JobEvent): string {
  switch (event.type) {
    case "started":
    case "ready":
      return "started";
    case "batch":
    case "trained":
    case "evaluated":
      return event.type;
    case "progress": {
      const { round, loss, personalDice } = event.round ?? { round: 0, loss: [], personalDice: [] };
      return `round ${round}: loss ${loss.map((value) => value?.toFixed(4) ?? "-").join(" ")}, validation Dice ${personalDice.map((value) => value.toFixed(4)).join(" ")}`;
    }
    case "warning":
      return `warning: ${event.message}`;
    case "output":
      return `wrote: ${event.line}`;
    case "done":
      return `done in ${event.wallSeconds} s`;
    case "failed":
      return event.interrupted ? "interrupted" : `failed: ${event.message.replace(/\s*\n\s*/g, " | ")}`;
  }
}

/** One line, with the id: the log of a name goes on when its configuration changes. A log that cannot be written fails no job. */
function append(job: Job, text: string): void {
  try {
    mkdirSync(dirname(logPath(job)), { recursive: true });
    appendFileSync(logPath(job), `${new Date().toISOString()} ${job.id} ${printable(text)}\n`);
  } catch {
    // The disk may be full or the folder read-only; the job itself says so when it matters.
  }
}
