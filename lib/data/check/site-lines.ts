import { sum } from "../../core/mean";
import type { CheckedCase, OwnTask } from "./checked";

/** A site in the columns of a check. */
export const siteColumns = ["site", "cases", "slices", "shape", "spacing", "axes", "intensities", "labels"] as const;
export type SiteLine = Readonly<Record<(typeof siteColumns)[number], string>>;

/** @returns one line for each site: what its cases look like, and how much of them each class covers */
export function siteLines({ sites, labels, own }: OwnTask, cases: readonly CheckedCase[]): SiteLine[] {
  return sites.map((site) => {
    const of = cases.filter((each) => each.site === site);
    const total = sum(of.flatMap(({ voxels }) => voxels));
    const shares = labels.slice(1).map(({ name }, place) => {
      const share = sum(of.map(({ voxels }) => voxels[place + 1])) / (total || 1);
      return `${name} ${(100 * share).toPrecision(2)} %`;
    });
    return {
      site,
      cases: String(of.length),
      slices: String(sum(of.map(({ slices }) => slices))),
      shape: ranges(of.map(({ shape }) => shape)),
      spacing: own.modality === "picture" ? "pixels" : `${ranges(of.map(({ spacing = [] }) => spacing))} mm`,
      axes: own.modality === "picture" ? "–" : counted(of.map(({ axes = "not told" }) => axes)),
      intensities: ranges(of.map(({ range }) => range)).replace(" x ", " to "),
      labels: shares.join(", "),
    };
  });
}

/** @returns megabytes of images and masks that every process of a run holds: each slice once, as float32, with a byte for its mask */
export function megabytesOf({ own, inChannels }: OwnTask, cases: readonly CheckedCase[], side: number): number {
  const planes = own.modality === "picture" ? inChannels : 1;
  return (sum(cases.map(({ slices }) => slices)) * side * side * (4 * planes + 1)) / 2 ** 20;
}

/** Each place of lists of numbers as its least and its most. */
function ranges(lists: readonly (readonly number[])[]): string {
  if (lists.length === 0) return "–";
  const shown = (value: number) => String(Number(value.toPrecision(4)));
  return lists[0]
    .map((_, place) => {
      const values = lists.map((list) => list[place]);
      const [low, high] = [Math.min(...values), Math.max(...values)].map(shown);
      return low === high ? low : `${low}-${high}`;
    })
    .join(" x ");
}

function counted(values: readonly string[]): string {
  const kinds = [...new Set(values)];
  return kinds.length === 1
    ? kinds[0]
    : kinds.map((kind) => `${kind} (${values.filter((each) => each === kind).length})`).join(", ");
}
