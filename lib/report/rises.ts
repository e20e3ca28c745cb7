import { mean } from "../core/mean";
import type { FederationRecord, RunRecord } from "../records/schema";
import { riseAtEnd, riseMargin, stillRises } from "../stats/rise";
import { isFederation, labelOf } from "./cases";
import { groupBy } from "./strata";

/** @returns after each round the mean validation Dice over clients, of the models that predict for them */
export const validationCurve = ({ rounds }: FederationRecord): number[] =>
  rounds.map(({ personalDice }) => mean(personalDice));

const finished = (records: readonly RunRecord[]): FederationRecord[] =>
  records.filter(isFederation).filter(({ diverged }) => diverged === undefined);

/** How a table names a method: with an arrow where a run of it was stopped while it was still getting better. */
export function risingMark(records: readonly RunRecord[]): (label: string) => string {
  const rising = new Set(finished(records).flatMap((run) => (stillRises(validationCurve(run)) ? [labelOf(run)] : [])));
  return (label) => (rising.has(label) ? label + arrow : label);
}

const arrow = " ↑";

/** @returns a label without its arrow */
export const withoutMark = (label: string): string => (label.endsWith(arrow) ? label.slice(0, -arrow.length) : label);

/** @returns a line that names the methods of which runs were stopped while their validation curves still rose, and nothing where there is none */
export function riseRemarks(records: readonly RunRecord[]): string[] {
  const told = groupBy(finished(records), labelOf).flatMap((runs) => {
    const curves = runs.map(validationCurve);
    const rising = curves.filter(stillRises);
    if (rising.length === 0) return [];
    const most = Math.max(...rising.map((curve) => riseAtEnd(curve) ?? 0));
    const some = runs.length === 1 ? "" : ` in ${rising.length} of ${runs.length} runs`;
    return [`${labelOf(runs[0])} ${most.toFixed(3)}${some}`];
  });
  if (told.length === 0) return [];
  return [
    `↑: validation Dice still rises at the end, from one fifth of the rounds to the next by up to (marked from ${riseMargin}): ${told.join(", ")}`,
  ];
}
