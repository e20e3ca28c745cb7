import type { Json } from "../../core/hash";

const marks = { of: "@of", at: "@at" } as const;

/** In shorter lists the places would be as long as the values. */
const shortest = 8;

/** @returns a list of numbers, words and nulls as its different values and their places, where that is shorter; otherwise nothing */
export function repeatsOf(list: readonly Json[]): Json | undefined {
  if (list.length < shortest || list.some((each) => typeof each === "object" && each !== null)) return undefined;
  const places = new Map<Json, number>();
  for (const each of list) if (!places.has(each)) places.set(each, places.size);
  const packed = { [marks.of]: [...places.keys()], [marks.at]: list.map((each) => places.get(each) as number) };
  return JSON.stringify(packed).length < JSON.stringify(list).length ? packed : undefined;
}

/** The inverse; nothing of other values. @throws TypeError when a place is none of the values' */
export function expandRepeats(fields: Readonly<Record<string, Json>>): Json[] | undefined {
  if (!Object.hasOwn(fields, marks.of)) return undefined;
  const { [marks.of]: values, [marks.at]: places } = fields;
  if (!Array.isArray(values) || !Array.isArray(places)) throw new TypeError("values and places are no lists");
  return (places as readonly number[]).map((place) => {
    if (values[place] === undefined) throw new TypeError(`place ${place} of ${values.length} values`);
    return values[place] as Json;
  });
}
