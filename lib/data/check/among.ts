import { sum } from "../../core/mean";
import type { ClassRule } from "../task/classes";
import type { CheckedCase, OwnTask } from "./checked";

type Cases = readonly CheckedCase[];
const nameOf = ({ site, id }: CheckedCase) => `${site}/${id}`;

/** Parts of a split, each of which takes a case of every site. */
const fewestCases = 3;

/** @returns what is wrong among the cases of a task: too few, or the same image twice */
export function faultsAmong({ sites }: OwnTask, cases: Cases): string[] {
  const few = sites.flatMap((site) => {
    const { length } = cases.filter((each) => each.site === site);
    return length < fewestCases
      ? [
          `${site} has ${length} cases that can be used, and needs ${fewestCases}, to train, to validate and to test; add some, or leave the site out of the task`,
        ]
      : [];
  });
  const twice = sharing(cases, ({ hashes }) => hashes.image).map(
    (same) =>
      `${same.map(nameOf).join(" and ")} hold the same image, which would train and test; remove one, or name it in leaveOut`,
  );
  return [...few, ...twice];
}

/** Less of an image than this is nearly nothing. */
const nearlyNothing = 1 / 2000;

/** @returns what is unusual among them, and what is done about it */
export function notesAmong(task: OwnTask, cases: Cases): string[] {
  const { labels, sites, own } = task;
  const near = cases.filter(({ voxels }) => sum(voxels.slice(1)) < nearlyNothing * sum(voxels));
  const masks = sharing(cases, ({ hashes }) => hashes.mask).map(
    (same) => `${same.map(nameOf).join(" and ")} have the same mask; used as they are`,
  );
  const axes = [...new Set(cases.map((each) => each.axes ?? "not told"))];
  return [
    ...near.map(
      (each) => `${nameOf(each)}: nearly nothing is marked (${sum(each.voxels.slice(1))} voxels); used as it is`,
    ),
    ...sites.flatMap((site) => absent(site, cases, labels)),
    ...masks,
    ...(own.orientation === "as-stored" && axes.length > 1
      ? [
          `images lie differently (${axes.join(", ")}) and are taken as they lie; set orientation to turn them, for example ${axes.find((each) => each !== "not told")}`,
        ]
      : []),
  ];
}

function absent(site: string, cases: Cases, labels: readonly ClassRule[]): string[] {
  const own = cases.filter((each) => each.site === site);
  const without = labels.filter(
    (_, place) => place > 0 && own.length > 0 && own.every(({ voxels }) => voxels[place] === 0),
  );
  return without.map(({ name }) => `${site}: no case shows ${name}; its scores there are of empty masks`);
}

/** @returns the cases that have something in common, more than one each */
function sharing(cases: Cases, key: (each: CheckedCase) => string): Cases[] {
  const groups = new Map<string, CheckedCase[]>();
  for (const each of cases) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
  return [...groups.values()].filter(({ length }) => length > 1);
}
