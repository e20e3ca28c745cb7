import { z } from "zod";
import { plainName } from "../../io/plain-name";

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, "want a colour as #rrggbb");

/** One class of a mask. The first is the background. */
export const classSchema = z.strictObject({
  name: plainName,
  /** What stands for it in masks: whole numbers, colours (`"#ff0000"`), or `others`, all that no class has (default: its place). */
  values: z.union([z.literal("others"), z.array(z.union([z.int().min(0).max(65535), colour])).min(1)]).optional(),
  /** Of its outline. */
  colour: colour.optional(),
});
export type ClassRule = z.infer<typeof classSchema>;

export type Colour = readonly [red: number, green: number, blue: number];

/** Colours that are told apart by most, also by those who see fewer: Okabe and Ito's, without black. */
const palette = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];

/** @returns the colour of a class that has none of its own. @param place of the class, from 1 */
export const paletteColour = (place: number): string => palette[(place - 1) % palette.length];

/** @returns the colour of a class, 0 to 255 each. @param place of the class, from 1 */
export const colourOf = ({ colour: own }: ClassRule, place: number): Colour => channelsOf(own ?? paletteColour(place));

/** A colour as a value of a mask: greys are their level, all others lie above every level of 16 bits. */
export const valueOfColour = ([red, green, blue]: Colour): number =>
  red === green && green === blue ? red : colourOffset + 65536 * red + 256 * green + blue;

/** @returns a value of a mask as it is written in a task: a number, or a colour */
export const writtenValue = (value: number): number | string =>
  value < colourOffset ? value : `#${(value - colourOffset).toString(16).padStart(6, "0")}`;

/** @returns the class of a value of a mask; undefined where none has it */
export function classOfValue(classes: readonly ClassRule[]): (value: number) => number | undefined {
  const known = new Map<number, number>();
  let rest: number | undefined;
  classes.forEach((rule, place) => {
    for (const value of valuesOfClass(rule, place)) {
      if (value === "others") rest = place;
      else known.set(value, place);
    }
  });
  return (value) => known.get(value) ?? rest;
}

/** @returns what is wrong with a list of classes, and where: names and values are of one class each */
export function faultsOfClasses(classes: readonly ClassRule[]): { path: PropertyKey[]; message: string }[] {
  const faults: { path: PropertyKey[]; message: string }[] = [];
  const seen = new Map<string | number, number>();
  const once = (what: string | number, place: number, field: "name" | "values", shown: string | number): void => {
    const before = seen.get(what) ?? place;
    if (before !== place)
      faults.push({
        path: ["classes", place, field],
        message: `${shown} is of class ${before} (${classes[before].name}) too`,
      });
    seen.set(what, place);
  };
  classes.forEach((rule, place) => {
    once(`name ${rule.name.toLowerCase()}`, place, "name", rule.name);
    for (const value of valuesOfClass(rule, place))
      once(value, place, "values", value === "others" ? value : writtenValue(value));
  });
  return faults;
}

const colourOffset = 2 ** 24;

function valuesOfClass({ values }: ClassRule, place: number): (number | "others")[] {
  if (values === "others") return ["others"];
  return (values ?? [place]).map((value) => (typeof value === "number" ? value : valueOfColour(channelsOf(value))));
}

function channelsOf(text: string): Colour {
  const value = parseInt(text.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
