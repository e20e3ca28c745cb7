import { paletteColour, writtenValue } from "../task/classes";
import { plainNames } from "./plain";

/** A class as the draft of a task writes it. */
export interface DraftClass {
  readonly name: string;
  readonly values: readonly (number | string)[] | "others";
  readonly colour?: string;
}

/** More values than this are soft edges or a picture. */
const mostClasses = 24;

/**
 * @param values that occur in masks, with how many voxels each has @param names of values, where a list has them
 * @returns a class for each value, the background first: 0, or else what covers most
 */
export function draftClasses(
  values: ReadonlyMap<number, number>,
  names: ReadonlyMap<number, string>,
): { readonly classes: readonly DraftClass[]; readonly notes: readonly string[] } {
  const found = [...values.keys()].sort((a, b) => a - b);
  const background = values.has(0) ? 0 : ([...values].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0);
  const whole = found.every((value) => Number.isInteger(value) && value >= 0);
  if (!whole || found.length > mostClasses)
    return {
      classes: [
        { name: "background", values: [background] },
        { name: "foreground", values: "others", colour: paletteColour(1) },
      ],
      notes: [
        `masks hold ${found.length} values or more${whole ? "" : ", some of them no whole numbers"}: soft edges, or no masks; all but ${background} are one class for now`,
      ],
    };
  const rest = found.filter((value) => value !== background);
  const called = plainNames(
    rest.map((value, place) => names.get(value) ?? `class-${place + 1}`),
    "class",
  );
  return {
    classes: [
      { name: "background", values: [background] },
      ...rest.map((value, place) => ({
        name: called[place],
        values: [writtenValue(value)],
        colour: paletteColour(place + 1),
      })),
    ],
    notes: [],
  };
}

/** Characters of such a list: it names files, too. */
const longest = 5_000_000;

/**
 * Names of values in a `dataset.json` of nnU-Net (`"LV": 1`) or of the Decathlon (`"1": "LV"`). What cannot be read names nothing.
 */
export function namesIn(bytes: Uint8Array): Map<number, string> {
  const names = new Map<number, string>();
  if (bytes.length > longest) return names;
  let labels: unknown;
  try {
    labels = (JSON.parse(new TextDecoder().decode(bytes)) as { labels?: unknown } | null)?.labels;
  } catch {
    return names;
  }
  if (typeof labels !== "object" || labels === null) return names;
  for (const [key, value] of Object.entries(labels).slice(0, mostClasses)) {
    if (typeof value === "string" && /^\d{1,5}$/.test(key)) names.set(Number(key), value);
    else if (typeof value === "number" && Number.isInteger(value)) names.set(value, key);
  }
  return names;
}
