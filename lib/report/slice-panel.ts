import type { Panel } from "../io/contact-sheet";

/** Amber for what was drawn by hand (or by the phantom), sky blue for what a model predicts. */
export const outlineColours = { truth: [255, 190, 0], prediction: [86, 180, 233] } as const;

/** Slices one above the other with the masks that belong to them, `[count, height, width]`. */
export interface PanelSlices {
  readonly height: number;
  readonly width: number;
  readonly pixels: ArrayLike<number>;
  readonly truth?: ArrayLike<number>;
  readonly prediction?: ArrayLike<number>;
}

/** @returns one of the slices with the outlines of its masks, the prediction's above */
export function slicePanel(
  { height, width, pixels, truth, prediction }: PanelSlices,
  slice: number,
  title: string,
): Panel {
  const size = height * width;
  const cut = (values: ArrayLike<number>) => {
    const part = new Float64Array(size);
    for (let index = 0; index < size; index++) part[index] = values[slice * size + index];
    return part;
  };
  const outlines = [
    ...(prediction ? outlinesOf("prediction", cut(prediction)) : []),
    ...(truth ? outlinesOf("truth", cut(truth)) : []),
  ];
  return { title, height, width, pixels: cut(pixels), outlines };
}

/** The outlines of one slice's classes, which are nested: a cup lies in its disc. @param mask `[height, width]` */
function outlinesOf(name: keyof typeof outlineColours, mask: Float64Array): NonNullable<Panel["outlines"]>[number][] {
  const values = new Set<number>();
  for (let index = 0; index < mask.length; index++) values.add(mask[index]);
  const classes = [...values].filter((value) => value > 0).sort((a, b) => b - a);
  return classes.map((inner) => ({ mask: mask.map((value) => Number(value >= inner)), colour: outlineColours[name] }));
}
