import type { ClassRule, Colour } from "../data/task/classes";

/** How masks of a task of one's own are written: what stands for each class, in the order of classes. */
export interface MaskCodes {
  /** A grey each, or a colour where one of them is. */
  readonly greys: readonly number[];
  readonly colours?: readonly Colour[];
  /** In words: `0 background, 1 wall`. */
  readonly text: string;
}

/** Values of a mask of 8 bits. */
const most = 255;

/**
 * The first value that each class has in the masks of training, so that written masks are read like those; where one has none of its own
 * (`others`), or one of more than 8 bits, all classes go by their places.
 * @param inColours whether files can hold colours
 */
export function maskCodes(labels: readonly ClassRule[], inColours: boolean): MaskCodes {
  const first = labels.map(({ values }, place) => (values === "others" ? undefined : (values?.[0] ?? place)));
  const coloured = inColours && first.some((value) => typeof value === "string");
  const fits = first.every((value) => (typeof value === "string" ? coloured : value !== undefined && value <= most));
  const codes = fits ? (first as (number | string)[]) : labels.map((_, place) => place);
  const text = labels.map(({ name }, place) => `${codes[place]} ${name}`).join(", ");
  const greys = labels.map((_, place) => place);
  if (!codes.some((code) => typeof code === "string")) return { greys: codes as number[], text };
  const colours = codes.map((code): Colour => {
    const value = typeof code === "string" ? parseInt(code.slice(1), 16) : code * 0x010101;
    return [value >> 16, (value >> 8) & 255, value & 255];
  });
  return { greys, colours, text };
}
