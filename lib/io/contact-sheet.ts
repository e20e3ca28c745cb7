import { PNG } from "pngjs";
import { percentile } from "../core/percentile";
import { drawText, letter } from "./pixel-font";

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
    const paint = (x: number, y: number, [red, green, blue]: readonly number[]) => {
      const at = ((top + y) * width + left + x) * 3;
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    };
    drawText(panel.title.slice(0, Math.floor((panelWidth * scale) / (letter.step * fontScale))), (x, y) => {
      for (let i = 0; i < fontScale * fontScale; i++)
        paint(x * fontScale + (i % fontScale), y * fontScale + Math.floor(i / fontScale) + 2, [235, 235, 235]);
    });
    drawPanel(panel, scale, (x, y, colour) => paint(x, y + titleHeight, colour));
  });
  // Rows that are enlarged repeat themselves: told by the one above (PNG, filter 2) they take a third of the time of trying all filters.
  const how = { colorType: 2, inputColorType: 2, inputHasAlpha: false, filterType: 2 } as const;
  return PNG.sync.write(Object.assign(new PNG({ width, height }), { data: Buffer.from(data.buffer) }), how);
}

function drawPanel(
  { pixels, height, width, outlines = [] }: Panel,
  scale: number,
  paint: (x: number, y: number, colour: readonly number[]) => void,
): void {
  const [black, white] = [percentile(pixels, 0.01), percentile(pixels, 0.99)];
  const grey = (value: number) =>
    Math.max(0, Math.min(255, Math.round((255 * (value - black)) / (white - black || 1))));
  const fill = ([x, y, toX, toY]: readonly number[], colour: readonly number[]) => {
    for (let atY = y; atY < toY; atY++) for (let atX = x; atX < toX; atX++) paint(atX, atY, colour);
  };
  const size = height * width;
  const planes = pixels.length > size ? [0, size, 2 * size] : [0, 0, 0];
  for (let at = 0; at < size; at++) {
    const [x, y] = [(at % width) * scale, Math.floor(at / width) * scale];
    fill([x, y, x + scale, y + scale], planes.map((plane) => grey(pixels[at + plane]))); // prettier-ignore
  }
  // The first outline lies above the others.
  for (const { mask, colour } of [...outlines].reverse())
    for (const side of bordersOf(mask, height, width, scale)) fill(side, colour);
}

/** The outline of a mask: it runs one screen pixel wide along the inner side of its border. @returns rectangles `[x, y, end x, end y]` */
function bordersOf(mask: ArrayLike<number>, height: number, width: number, scale: number): number[][] {
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] > 0;
  return Array.from({ length: height * width }, (_, at) => at).flatMap((at) => {
    const [column, row] = [at % width, Math.floor(at / width)];
    if (!inside(column, row)) return [];
    const [x, y, toX, toY] = [column * scale, row * scale, (column + 1) * scale, (row + 1) * scale];
    return [
      ...(inside(column - 1, row) ? [] : [[x, y, x + 1, toY]]),
      ...(inside(column + 1, row) ? [] : [[toX - 1, y, toX, toY]]),
      ...(inside(column, row - 1) ? [] : [[x, y, toX, y + 1]]),
      ...(inside(column, row + 1) ? [] : [[x, toY - 1, toX, toY]]),
    ];
  });
}
