import { basename } from "node:path";
import { ownChannels } from "../data/set/own-channels";
import { resizeSlices } from "../data/set/resize";
import type { Colour } from "../data/task/classes";
import { contactSheet, type Panel } from "../io/contact-sheet";
import { outlineColours } from "../report/slice-panel";
import type { OpenImage } from "./image";

/** Beyond so many a sheet is no longer looked at. */
export const mostPanels = 60;

/** Panels of one size, as near to a square as they can be laid. @returns the bytes of a PNG file */
export const sheetOf = (panels: readonly Panel[]): Uint8Array =>
  contactSheet(panels, { columns: Math.ceil(Math.sqrt(panels.length)) });

/**
 * The slice of an image in which most is marked, at the network's size, with the outlines of its mask as it lies on the disk. Where nothing
 * is marked, the middle one.
 * @param mask `[depth, height, width]`, classes @param colours of classes that are outlined each by itself (default: one within the other)
 */
export function panelOf(
  name: string,
  { slices, shape }: OpenImage,
  mask: Uint8Array,
  colours?: readonly Colour[],
): Panel {
  const [depth, height, width] = shape;
  const cut = (slice: number) => mask.subarray(slice * height * width, (slice + 1) * height * width);
  const marked = Array.from({ length: depth }, (_, slice) =>
    cut(slice).reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0),
  );
  const most = Math.max(...marked);
  const slice = most === 0 ? Math.floor(depth / 2) : marked.indexOf(most);
  const side = slices.height;
  const area = side * side;
  const own = ownChannels(slices);
  const pixels = new Float32Array(own.length * area);
  own.forEach((channel, place) => {
    const plane = slices.stack[slice * slices.channels + channel];
    pixels.set(slices.planes.subarray(plane * area, (plane + 1) * area), place * area);
  });
  const classes = [...new Set(cut(slice))].filter((label) => label > 0).sort((a, b) => b - a);
  const outlines = classes.map((own) => {
    const shares = resizeSlices(
      cut(slice).map((label) => ((colours ? label === own : label >= own) ? 1 : 0)),
      [1, height, width],
      side,
      side,
    );
    return { mask: shares.map((share) => (share >= 0.5 ? 1 : 0)), colour: colours?.[own] ?? outlineColours.prediction };
  });
  const title = basename(name).replace(/\.(nii(\.gz)?|hdr|png|jpe?g|bmp|tiff?)$/i, "");
  return { title, height: side, width: side, pixels, outlines };
}
