import { readExperiment } from "../records/config";
import { readOwnRecords } from "../records/read";
import { readManifest } from "../records/release/manifest";
import { readReleased } from "../records/release/released";
import { countedCases, type MethodCase } from "./cases";
import { compareMethods } from "./compare-methods";
import { meanDice } from "./compare/differences";
import { sameNumbers } from "./compare/same-numbers";
import { distinct } from "./strata";
import type { ResultRow, ResultTable } from "./table";

/**
 * Own records beside released ones that answer the same questions: the difference in Dice, method by method.
 * @param ids of experiments; all that are released if none
 * @returns a table for each experiment of which there are own records
 */
export function besideReleased(profile: string, ids: readonly string[] = []): ResultTable[] {
  const released = Object.keys(readManifest(profile)?.experiments ?? {});
  return (ids.length > 0 ? ids : released).flatMap((id) => tableOf(profile, id) ?? []);
}

function tableOf(profile: string, id: string): ResultTable | undefined {
  const { kind } = readExperiment(id);
  const { records } = readReleased(profile, id);
  const own = readOwnRecords(profile, id).records.flatMap(({ record }) => {
    const found = records.get(record.question);
    return found ? [{ mine: record, released: found.record }] : [];
  });
  if (own.length === 0) return undefined;
  const mine = countedCases(
    kind,
    own.map((each) => each.mine),
  );
  const theirs = countedCases(
    kind,
    own.map((each) => each.released),
  );
  const same = own.filter((each) => sameNumbers(each.mine, each.released)).length;
  return {
    title: `${id}: mine beside the released`,
    note: `mean test Dice, sites counting the same; difference with its 95 % interval, by bootstrap over the same cases; ${same} of ${own.length} records are equal in every number`,
    columns: ["cases", "released", "mine", "mine minus released [95 %]"],
    rows: distinct(mine.map(({ method }) => method)).flatMap((method) => rowOf(method, mine, theirs)),
  };
}

function rowOf(method: string, mine: readonly MethodCase[], theirs: readonly MethodCase[]): ResultRow[] {
  const as = (cases: readonly MethodCase[], name: string) =>
    cases.filter((each) => each.method === method).map((each) => ({ ...each, method: name }));
  const [a, b] = [as(mine, "mine"), as(theirs, "released")];
  return compareMethods([...a, ...b], "mine").map(({ n, difference, low, high }) => ({
    label: method,
    cells: [
      { value: n, digits: 0 },
      { value: meanDice(b), digits: 3 },
      { value: meanDice(a), digits: 3 },
      { value: difference, digits: 4, ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }) },
    ],
  }));
}
