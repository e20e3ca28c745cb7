import { percentile } from "../core/percentile";
import { drawText, letter } from "./pixel-font";
import { encodePng } from "./png";

/** One slice on a contact sheet. */
export interface Panel {
  readonly title: string;
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
const titleHeight = letter.height * fontScale + 6;

/** Draws slices of one size side by side, row by row, with their titles. @returns the bytes of a PNG file */
export function contactSheet(
  panels: readonly Panel[],
  { columns, scale = Math.max(1, Math.round(192 / panels[0].width)) }: SheetOptions,
): Uint8Array {
  const { width: panelWidth, height: panelHeight } = panels[0];
  const [stepX, stepY] = [panelWidth * scale + gap, panelHeight * scale + titleHeight + gap];
  const width = columns * stepX + gap;
  const height = Math.ceil(panels.length / columns) * stepY + gap;
  const data = new Uint8Array(width * height * 3).fill(24);
  panels.forEach((panel, index) => {
    if (panel.width !== panelWidth || panel.height !== panelHeight)
      throw new RangeError(`panel of ${panel.width} x ${panel.height} among ${panelWidth} x ${panelHeight}`);
    const left = gap + (index % columns) * stepX;
    const top = gap + Math.floor(index / columns) * stepY;
    const paint = (x: number, y: number, colour: readonly number[]) =>
      data.set(colour, ((top + y) * width + left + x) * 3);
    drawText(panel.title.slice(0, Math.floor((panelWidth * scale) / (letter.step * fontScale))), (x, y) => {
      for (let i = 0; i < fontScale * fontScale; i++)
        paint(x * fontScale + (i % fontScale), y * fontScale + Math.floor(i / fontScale) + 2, [235, 235, 235]);
    });
    drawPanel(panel, scale, (x, y, colour) => paint(x, y + titleHeight, colour));
  });
  return encodePng({ width, height, channels: 3, data });
}

function drawPanel(
  { pixels, height, width, outlines = [] }: Panel,
  scale: number,
  paint: (x: number, y: number, colour: readonly number[]) => void,
): void {
  const [black, white] = [percentile(pixels, 0.01), percentile(pixels, 0.99)];
  const inside = (mask: ArrayLike<number>, x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] > 0;
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      const [column, row] = [Math.floor(x / scale), Math.floor(y / scale)];
      const shown = [0, 1, 2].map((channel) => {
        const value = pixels[row * width + column + (pixels.length > height * width ? channel * height * width : 0)];
        return Math.max(0, Math.min(255, Math.round((255 * (value - black)) / (white - black || 1))));
      });
      // The outline runs one screen pixel wide along the inner side of the mask's border.
      const edge = outlines.find(
        ({ mask }) =>
          inside(mask, column, row) &&
          [
            [x - 1, y],
            [x + 1, y],
            [x, y - 1],
            [x, y + 1],
          ].some(([nearX, nearY]) => !inside(mask, Math.floor(nearX / scale), Math.floor(nearY / scale))),
      );
      paint(x, y, edge ? edge.colour : shown);
    }
  }
}
