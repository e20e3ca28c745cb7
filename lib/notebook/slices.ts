import { printable, WorkbenchError } from "../core/errors";
import { percentile } from "../core/percentile";
import { middlePlane } from "../data/set/batches";
import type { SliceSet, Volume } from "../data/set/types";
import { contactSheet, type Panel } from "../io/contact-sheet";
import { slicePanel } from "../report/slice-panel";
import { base64, createBundle, type Bundle } from "./bundle";
import type { SliceStack } from "./slice-stack";
import { sliceViewer } from "./slice-viewer";

const sheetPanels = 12;
const sheetColumns = 6;

/**
 * A volume to look through: a slider for the slice, level and window, switches for the masks. It needs no network; where it is not
 * understood (nbconvert, GitHub) a contact sheet of evenly spaced slices stands in its place.
 * @throws WorkbenchError when a mask does not fit the pixels
 */
export function slices(stack: SliceStack): Bundle {
  const { title, count, height, width, pixels, truth, prediction } = stack;
  const size = count * height * width;
  for (const [name, values] of Object.entries({ pixels, truth, prediction })) {
    if (values && (values.length !== size || size === 0))
      throw new WorkbenchError(
        `${name} of ${values.length} values for ${count} slices of ${height} x ${width}`,
        "pass [count, height, width] values",
      );
  }
  // Extremes of single voxels would leave no contrast for the rest.
  const range = [percentile(pixels, 0.005), percentile(pixels, 0.995)] as const;
  const masks = [truth && "reference amber", prediction && "prediction blue"].filter(Boolean).join(", ");
  const alt = `${printable(title)}: ${count} slices of ${height} x ${width}${masks ? `; ${masks}` : ""}`;
  return createBundle(
    {
      "application/vnd.vega.v5+json": {
        ...sliceViewer({ ...stack, title: printable(title) }, range),
        description: alt,
      },
      "image/png": base64(contactSheet(panelsOf(stack), { columns: Math.min(sheetColumns, count) })),
      "text/plain": `[slices] ${alt}`,
    },
    { "image/png": { width: 960, alt } },
  );
}

/** One case of a set, ready for `slices`: the middle channel of its images. @param place which of the set's cases, from 0 */
export function stackOfCase(set: SliceSet, place = 0): SliceStack {
  const { masks, height, width, site, cases } = set;
  if (!cases[place]) throw new WorkbenchError(`${site} has no case ${place}`, `use 0 to ${cases.length - 1}`);
  const { id, first, count, spacing } = cases[place];
  const area = height * width;
  const pixels = new Float32Array(count * area);
  for (let slice = 0; slice < count; slice++) pixels.set(middlePlane(set, first + slice), slice * area);
  const truth = masks.subarray(first * area, (first + count) * area);
  return { title: `${site} ${id}`, count, height, width, pixels, truth, aspect: spacing[1] / spacing[2] };
}

export function isVolume(value: unknown): value is Volume {
  const { voxels, shape, spacing } = (value ?? {}) as Partial<Volume>;
  return (
    typeof value === "object" &&
    ArrayBuffer.isView(voxels) &&
    Array.isArray(shape) &&
    shape.length === 3 &&
    Array.isArray(spacing)
  );
}

export function stackOfVolume({ voxels, shape, spacing }: Volume): SliceStack {
  const [count, height, width] = shape;
  const title = `volume, ${spacing.map((length) => length.toFixed(2)).join(" x ")} mm`;
  return { title, count, height, width, pixels: voxels, aspect: spacing[1] / spacing[2] };
}

function panelsOf(stack: SliceStack): Panel[] {
  const { count } = stack;
  const shown = Math.min(count, sheetPanels);
  return Array.from({ length: shown }, (_, place) => {
    const slice = shown === 1 ? 0 : Math.round((place * (count - 1)) / (shown - 1));
    return slicePanel(stack, slice, `${slice + 1}`);
  });
}
