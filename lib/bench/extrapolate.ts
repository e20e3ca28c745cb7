import { prostateSiteTable } from "../data/sets/prostate/sites";
import { readProfile } from "../records/config";
import type { BenchResult, SideResult } from "./results";
import { sizeUp, type SliceCounts } from "./sizing";
import { readSizing } from "./sizing-config";

export interface Extrapolated {
  readonly label: string;
  readonly hours: number;
}

/**
 * What every method of the paper would take on the prostate at the paper's size, one process on one card: from the measured steps, the
 * published numbers of slices and the numbers of steps in `configs/bench/sizing.yaml`. Files, averages and surface distances, which
 * processors compute, are not in it.
 * @returns a line for each side that trains, routes and predicts in the result; nothing where one of the three was not measured
 */
export function extrapolatePaper({ cases }: Pick<BenchResult, "cases">): Extrapolated[] {
  const { training, adaptation } = readProfile("paper");
  const of = (start: string) => cases.find(({ id }) => id.startsWith(start));
  const step = of(`training ${training.batch}x384x384/32`);
  const routing = of(`routing ${adaptation.batch}x384x384/32`);
  const inference = of("inference 16x384x384/32");
  return (step?.sides ?? []).flatMap((side) => {
    const median = (given: typeof step) => given?.sides.find(({ id }) => id === side.id)?.median;
    const [steps, routed, predicted] = [step, routing, inference].map(median);
    if (!steps || !routed || !predicted) return [];
    return [{ label: labelOf(side), hours: hoursOf(steps / 1000, routed / 1000, predicted / 1000 / 16) }];
  });
}

const labelOf = ({ label, device }: SideResult): string => `${label} (${device})`;

/** @param step, routing, predict in seconds, the last of one slice */
function hoursOf(step: number, routing: number, predict: number): number {
  const units = {
    step,
    smallStep: step,
    routing,
    predict,
    validate: predict,
    evaluate: predict,
    overhead: 1,
    contention: 1,
  };
  const config = { ...readSizing(), tasks: ["prostate"], cores: 1 };
  const { rows } = sizeUp(config, readProfile("paper"), { prostate: publishedSlices() }, units);
  return rows.filter(({ group }) => !group.startsWith("ablations")).reduce((sum, { hours }) => sum + hours, 0);
}

/** The labelled slices of every site, shared out as its cases are. */
function publishedSlices(): SliceCounts {
  const shared = ({
    cases,
    validation,
    test,
    labelledSlices,
  }: Readonly<Record<"cases" | "validation" | "test", unknown[]>> & { labelledSlices: number }) => {
    const part = (count: number) => Math.round((labelledSlices * count) / cases.length);
    const [validating, testing] = [part(validation.length), part(test.length)];
    return { train: labelledSlices - validating - testing, validation: validating, test: testing };
  };
  return Object.fromEntries([...prostateSiteTable()].map(([name, site]) => [name, shared(site)]));
}
