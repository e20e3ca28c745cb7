import { PNG } from "pngjs";
import { percentileOfSorted } from "../core/percentile";
import { drawText, letter, wrapped } from "./pixel-font";

/** One slice on a contact sheet. */
export interface Panel {
  readonly title: string;
  /** Stands behind the title; where one of the sheet's does not fit there, all stand below, in up to four lines. */
  readonly subtitle?: string;
  readonly height: number;
  readonly width: number;
  /**
   * `[height, width]`, or `[3, height, width]` in red, green and blue, in any unit: the 1st percentile is
   * black, the 99th white.
   */
  readonly pixels: ArrayLike<number>;
  /** Masks `[height, width]` whose outlines are drawn, each in its colour (red, green, blue). */
  readonly outlines?: readonly {
    readonly mask: ArrayLike<number>;
    readonly colour: readonly [number, number, number];
  }[];
}

export interface SheetOptions {
  readonly columns: number;
  /** Screen pixels along each side of an image pixel (default: as many as make a panel about 192 wide). */
  readonly scale?: number;
}

const gap = 4;
const fontScale = 2;
const lineHeight = letter.height * fontScale + 6;
/** Whatever a name is, its picture is larger. */
const mostLinesBelow = 4;

/** Draws slices of one size side by side, row by row, with their titles. @returns the bytes of a PNG file */
export function contactSheet(
  panels: readonly Panel[],
  { columns, scale = Math.max(1, Math.round(192 / panels[0].width)) }: SheetOptions,
): Uint8Array {
  const { width: panelWidth, height: panelHeight } = panels[0];
  const letters = Math.max(1, Math.floor((panelWidth * scale) / (letter.step * fontScale)));
  const oneLine = ({ title, subtitle }: Panel): string => (subtitle ? `${title} ${subtitle}` : title);
  const stacked = panels.some((panel) => panel.subtitle && oneLine(panel).length > letters);
  const linesOf = (panel: Panel): string[] =>
    stacked ? [panel.title, ...wrapped(panel.subtitle ?? "", letters).slice(0, mostLinesBelow)] : [oneLine(panel)];
  const stepX = panelWidth * scale + gap;
  const width = columns * stepX + gap;
  // A row's titles take the lines that its longest needs.
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, row) => {
    const lines = panels.slice(row * columns, (row + 1) * columns).map((panel) => linesOf(panel).length);
    return lineHeight * Math.max(...lines);
  });
  const tops = [gap];
  for (const [row, titleHeight] of rows.entries()) tops.push(tops[row] + titleHeight + panelHeight * scale + gap);
  const height = tops[rows.length];
  const data = new Uint8Array(width * height * 3).fill(24);
  const canvas: Canvas = { data, width };
  panels.forEach((panel, index) => {
    if (panel.width !== panelWidth || panel.height !== panelHeight)
      throw new RangeError(`panel of ${panel.width} x ${panel.height} among ${panelWidth} x ${panelHeight}`);
    const left = gap + (index % columns) * stepX;
    const row = Math.floor(index / columns);
    const [top, below] = [tops[row], tops[row] + rows[row]];
    for (const [line, text] of linesOf(panel).entries()) {
      const from = top + line * lineHeight + 2;
      drawText(text.slice(0, letters), (x, y) =>
        fill(canvas, left + x * fontScale, from + y * fontScale, fontScale, fontScale, [235, 235, 235]),
      );
    }
    drawPixels(canvas, panel, left, below, scale);
    // The first outline lies above the others.
    for (const outline of [...(panel.outlines ?? [])].reverse())
      drawOutline(canvas, panel, outline, left, below, scale);
  });
  // Rows that are enlarged repeat themselves: told by the one above (PNG, filter 2) they take a third of the time of trying all filters.
  const how = { colorType: 2, inputColorType: 2, inputHasAlpha: false, filterType: 2 } as const;
  return PNG.sync.write(Object.assign(new PNG({ width, height }), { data: Buffer.from(data.buffer) }), how);
}

/** Pixels in red, green and blue, row by row. */
interface Canvas {
  readonly data: Uint8Array;
  readonly width: number;
}

/** Fills `wide` x `high` pixels right of and below (x, y). */
function fill(
  { data, width }: Canvas,
  x: number,
  y: number,
  wide: number,
  high: number,
  [red, green, blue]: readonly [number, number, number],
): void {
  for (let row = y; row < y + high; row++)
    for (let at = 3 * (row * width + x), end = at + 3 * wide; at < end; at += 3) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
}

function drawPixels(
  { data, width: stride }: Canvas,
  { pixels, height, width }: Panel,
  left: number,
  top: number,
  scale: number,
): void {
  const sorted = Float64Array.from(pixels).sort();
  const [black, white] = [percentileOfSorted(sorted, 0.01), percentileOfSorted(sorted, 0.99)];
  const size = height * width;
  const grey = (value: number) =>
    Math.max(0, Math.min(255, Math.round((255 * (value - black)) / (white - black || 1))));
  const [red, green, blue] = [0, 1, 2].map((plane) => (pixels.length > size ? plane * size : 0));
  const greys = Uint8Array.from(pixels, grey);
  for (let row = 0; row < height; row++) {
    const start = 3 * ((top + row * scale) * stride + left);
    const end = start + 3 * width * scale;
    for (let to = start, at = row * width; to < end; at++)
      for (let i = 0; i < scale; i++, to += 3) {
        data[to] = greys[red + at];
        data[to + 1] = greys[green + at];
        data[to + 2] = greys[blue + at];
      }
    for (let below = 1; below < scale; below++) data.copyWithin(start + below * 3 * stride, start, end);
  }
}

/** The outline of a mask: it runs one screen pixel wide along the inner side of its border. */
function drawOutline(
  canvas: Canvas,
  { height, width }: Panel,
  { mask, colour }: NonNullable<Panel["outlines"]>[number],
  left: number,
  top: number,
  scale: number,
): void {
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] > 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      if (!inside(column, row)) continue;
      const [x, y] = [left + column * scale, top + row * scale];
      if (!inside(column - 1, row)) fill(canvas, x, y, 1, scale, colour);
      if (!inside(column + 1, row)) fill(canvas, x + scale - 1, y, 1, scale, colour);
      if (!inside(column, row - 1)) fill(canvas, x, y, scale, 1, colour);
      if (!inside(column, row + 1)) fill(canvas, x, y + scale - 1, scale, 1, colour);
    }
}
