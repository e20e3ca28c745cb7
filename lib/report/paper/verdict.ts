import type { Interval } from "../../stats/bootstrap";
import { notTranscribed, type PaperCell, type PaperMetric, type PaperTable } from "./schema";

/** What can be said of a number of the paper. */
export type PaperVerdict = "reproduced" | "close" | "differs" | "not comparable" | "not run" | typeof notTranscribed;

export interface Judged {
  readonly verdict: PaperVerdict;
  /** Why; of `differs` the note beside the number, which somebody has to write. */
  readonly note?: string;
  /** Whether the verdict needs a note that is not there. */
  readonly wantsNote: boolean;
}

interface Question {
  readonly cell: Exclude<PaperCell, "none">;
  readonly metric: PaperMetric;
  readonly measuredOn: PaperTable["measuredOn"];
  /** Ours, in the table's unit. */
  readonly ours: Interval | undefined;
  /** What ours was measured on. */
  readonly ourData: PaperTable["measuredOn"];
}

/**
 * Judges one cell, the first rule that applies: nothing is transcribed; nothing was run; the data differ (a phantom answers no number
 * of patients); the definition differs or is not transcribed; then whether the paper's number lies in our 95 % interval, or within the
 * table's tolerance.
 */
export function judge({ cell, metric, measuredOn, ours, ourData }: Question): Judged {
  const say = (verdict: PaperVerdict, note?: string): Judged => ({ verdict, note, wantsNote: false });
  if (cell === notTranscribed) return say(notTranscribed);
  const { value, note } = numberOf(cell);
  if (metric.ours === "none") return { ...say("not comparable", note), wantsNote: note === undefined };
  if (!ours) return say("not run", note);
  if (ourData !== measuredOn)
    return say("not comparable", `ours was measured on ${on(ourData)}, the paper's on ${on(measuredOn)}`);
  if (metric.definition === notTranscribed)
    return say("not comparable", `how the paper defines ${metric.id} is not transcribed`);
  // A single case has no interval: NaN is beside no bound.
  if (value >= ours.low && value <= ours.high) return say("reproduced", note);
  if (Math.abs(ours.mean - value) <= metric.tolerance) return say("close", note);
  return { ...say("differs", note), wantsNote: note === undefined };
}

const on = (data: PaperTable["measuredOn"]) => (data === "phantom" ? "a phantom" : "patients");

/** @returns a transcribed cell with its parts */
export function numberOf(cell: Exclude<PaperCell, string>): Exclude<PaperCell, string | number> {
  return typeof cell === "number" ? { value: cell } : cell;
}
