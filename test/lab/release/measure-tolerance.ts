import { describeError } from "../../../lib/core/errors";
import { writeAtomic } from "../../../lib/io/atomic";
import { compareRounds } from "../../../lib/lab/release/compare-records";
import { tolerancePath, type Tolerance } from "../../../lib/lab/release/judge";
import { shortRounds, shortRun } from "../../../lib/lab/release/short-run";
import { readExperiments, readProfile, readTask } from "../../../lib/records/config";
import type { RunRecord } from "../../../lib/records/schema";

/** `npm run certify:tolerance`: how far two engines are apart after so many rounds, over every method of the profile quick. */
async function main(): Promise<void> {
  const profile = readProfile("quick");
  const rounds = new Array<number>(shortRounds).fill(0);
  let adaptation = 0;
  for (const experiment of readExperiments()) {
    const short = { experiment, profile, task: readTask(experiment.task) };
    const wasm = await shortRun({ ...short, engine: "wasm" });
    const tensorflow = new Map(
      (await shortRun({ ...short, engine: "tensorflow" })).map((each) => [each.name, each.record]),
    );
    for (const { name, record } of wasm) {
      const other = tensorflow.get(name) as RunRecord;
      if (record.kind === "adaptation") adaptation = Math.max(adaptation, compareRounds(record, other).worst);
      else rounds.forEach((_, index) => (rounds[index] = Math.max(rounds[index], upTo(record, other, index + 1))));
    }
    process.stdout.write(
      `${experiment.id}: rounds ${rounds.map((each) => each.toExponential(1)).join(", ")}, adaptation ${adaptation.toExponential(1)}\n`,
    );
  }
  const found: Tolerance = {
    measured: "npm run certify:tolerance (wasm against tensorflow, profile quick)",
    rounds,
    adaptation,
  };
  writeAtomic(tolerancePath, `${JSON.stringify(found, null, 1)}\n`);
}

function upTo(a: RunRecord, b: RunRecord, count: number): number {
  const first = (record: RunRecord): RunRecord =>
    record.kind === "federation" ? { ...record, rounds: record.rounds.slice(0, count) } : record;
  return compareRounds(first(a), first(b)).worst;
}

main().catch((error) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
