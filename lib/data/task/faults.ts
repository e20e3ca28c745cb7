import { faultsOfClasses, type ClassRule } from "./classes";
import { ownRules } from "./own-schema";
import type { WrittenTask } from "./written";

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** The published prostate set is meant where neither a set nor rules are named. */
export const isPublished = ({ set, layout, modality }: WrittenTask): boolean =>
  set !== undefined || (layout === undefined && modality === undefined);

/** @returns what the fields of a task say that does not go together */
export function faultsOf(task: WrittenTask): Fault[] {
  const labels = typeof task.classes === "number" ? [] : task.classes;
  return [
    ...faultsOfClasses(labels),
    ...faultsOfStructures(task, labels.slice(1)),
    ...(isPublished(task) ? faultsOfPublished(task) : faultsOfOwn(task, labels)),
  ];
}

function faultsOfStructures({ structures = [] }: WrittenTask, sought: readonly ClassRule[]): Fault[] {
  const known = sought.map(({ name }) => name);
  return structures.flatMap(({ id, classes }, place): Fault[] => {
    const strange = classes.find((name) => !known.includes(name));
    const twice = structures.findIndex((each) => each.id === id) < place;
    return [
      ...(twice ? [{ path: ["structures", place, "id"], message: `"${id}" is there twice` }] : []),
      ...(strange === undefined
        ? []
        : [
            {
              path: ["structures", place, "classes"],
              message: `"${strange}" is no class behind the background; name ${known.join(", ") || "the classes first"}`,
            },
          ]),
    ];
  });
}

function faultsOfPublished({ set = "prostate", ...rules }: WrittenTask): Fault[] {
  const name = (Object.keys(ownRules) as (keyof typeof ownRules)[]).find((each) => rules[each] !== undefined);
  return name ? [{ path: [name], message: `the set ${set} has its own rules; leave out ${name}, or set` }] : [];
}

/** Slices that are seen together: a volume has hundreds at most. */
const mostNeighbours = 31;

function faultsOfOwn(task: WrittenTask, labels: readonly ClassRule[]): Fault[] {
  const { modality, layout, inChannels, sites, orientation } = task;
  const mapped = layout && "sites" in layout ? Object.keys(layout.sites) : [];
  const strange = mapped.find((name) => !sites.includes(name));
  const checks: readonly (readonly [fault: boolean, path: readonly PropertyKey[], message: string])[] = [
    [labels.length === 0, ["classes"], "want a list of classes with names, the background first"],
    [modality === undefined, ["modality"], "want volume or picture"],
    [
      layout === undefined,
      ["layout"],
      "want how the files lie: kind folders, pairs, nnunet, decathlon, bids or manifest",
    ],
    [
      modality === "volume" && inChannels % 2 === 0,
      ["inChannels"],
      `${inChannels} neighbouring slices have no middle; want 1, 3, 5, ...`,
    ],
    [
      modality === "volume" && inChannels > mostNeighbours,
      ["inChannels"],
      `${inChannels} slices are more than ${mostNeighbours}`,
    ],
    [
      modality === "picture" && ![1, 3].includes(inChannels),
      ["inChannels"],
      `a picture has 1 channel (grey) or 3 (red, green, blue), not ${inChannels}`,
    ],
    [
      modality === "picture" && (orientation ?? "as-stored") !== "as-stored",
      ["orientation"],
      "a picture does not say how it lies; leave it out",
    ],
    [
      strange !== undefined,
      ["layout", "sites", strange ?? ""],
      `"${strange}" is none of the sites ${sites.join(", ")}`,
    ],
  ];
  return checks.filter(([fault]) => fault).map(([, path, message]) => ({ path, message }));
}
