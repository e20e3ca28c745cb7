import type { Panel } from "../../io/contact-sheet";
import { ownChannels } from "./own-channels";
import type { SliceSet } from "./types";

/** Colour of a reference outline: amber. */
const referenceColour = [255, 190, 0] as const;

/**
 * One slice of a set as a panel of a contact sheet, a photograph in its colours, with the outline of its mask or of each of its
 * structures.
 */
export function slicePanel(set: SliceSet, slice: number, title: string): Panel {
  const { planes, stack, channels, masks, height, width, structures } = set;
  const area = height * width;
  const mask = masks.subarray(slice * area, (slice + 1) * area);
  const outlined = structures
    ? structures.map(({ classes, colour = referenceColour }) => ({
        mask: mask.map((value) => (classes.includes(value) ? 1 : 0)),
        colour,
      }))
    : [{ mask, colour: referenceColour }];
  const own = ownChannels(set);
  const pixels = new Float32Array(own.length * area);
  own.forEach((channel, place) => {
    const plane = stack[slice * channels + channel];
    pixels.set(planes.subarray(plane * area, (plane + 1) * area), place * area);
  });
  return { title, height, width, pixels, outlines: outlined };
}

/**
 * For every set one column, from the apex to the base of its first cases: see `contactSheet`.
 * @param places where in a case to look, 0 the lowest labelled slice, 1 the highest; one row for each
 */
export function sitePanels(sets: readonly SliceSet[], places: readonly number[] = [0.2, 0.5, 0.8]): Panel[] {
  return places.flatMap((place, row) =>
    sets.map((set) => {
      const { id, first, count } = set.cases[row % set.cases.length];
      return slicePanel(set, first + Math.round(place * (count - 1)), `${set.site} ${id}`);
    }),
  );
}
