/** Import own-report before this: records of every run that the profile quick asks for, made up, small, and no two alike. */
import { createRandom } from "../../lib/core/random";
import { readProfile, readTask, recordsOf, variantOf, type Experiment } from "../../lib/records/config";
import { experimentsAt } from "../../lib/records/experiment-at";
import type { RunRecord } from "../../lib/records/schema";
import { writeRecord } from "./own-report";
import { adaptation, federation, score } from "./records";

const casesOfSite = 4;

/** @returns how many records were written */
export function writeQuickRecords(): number {
  const { seeds } = readProfile("quick");
  const experiments = experimentsAt("quick").filter((each) => recordsOf(each) === each.id);
  return experiments
    .flatMap((experiment) => seeds.map((seed) => writeRuns(experiment, seed)))
    .reduce((a, b) => a + b, 0);
}

function writeRuns({ id, kind, task, methods }: Experiment, seed: number): number {
  const random = createRandom(`${id} ${seed}`);
  const { sites } = readTask(task);
  const runs = methods.flatMap((entry): RunRecord[] => {
    const variant = variantOf(entry);
    const config = { training: { rounds: 2 } };
    const more = { experiment: id, profile: "quick", task, config, ...(variant === undefined ? {} : { variant }) };
    const dice = () => Array.from({ length: casesOfSite }, () => random.uniform(0.6, 0.9));
    if (kind === "inside")
      return [federation(entry.id, seed, Object.fromEntries(sites.map((site) => [site, dice()])), more)];
    return sites.map((site) =>
      adaptation(
        entry.id,
        seed,
        site,
        dice().map((value, index) => score(`Case0${index}`, value, index === 3 ? null : random.uniform(1, 9))),
        more,
      ),
    );
  });
  runs.forEach((record, index) => writeRecord(id, `run${index}.seed${seed}`, record));
  return runs.length;
}
