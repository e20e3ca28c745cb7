import { layoutSize } from "../core/layout";
import { where } from "../core/where";
import { unetLayout, unetStages, type UNetShape } from "../nets/model/unet-layout";
import type { VegaLiteSpec } from "../report/figure";
import { inkColours, okabeIto } from "../report/palette";

/** A block of the U-Net, and what leaves it. */
export interface BlockRow {
  readonly block: string;
  /** How often the side was halved before it: 0 to 4. */
  readonly level: number;
  /** Pixels along each side of its output. */
  readonly side: number;
  readonly channels: number;
  /** What is done in it, in words. */
  readonly does: string;
  /** Numbers that training moves. */
  readonly trained: number;
}

const twice = "2 x (3x3 convolution, batch normalisation, ReLU)";

/** @returns the blocks in the order in which images pass them, the up-convolutions and the last convolution among them */
export function blockRows(shape: UNetShape, side: number): BlockRow[] {
  const { stages, ups } = unetStages(shape);
  const layout = unetLayout(shape);
  const row = (block: string, level: number, channels: number, does: string): BlockRow => {
    const own = layout.filter((entry) => entry.block === block && where.trained(entry));
    return { block, level, side: side / 2 ** level, channels, does, trained: layoutSize(own) };
  };
  const down = stages.slice(0, 5).map(({ block, outputs }, level) => row(block, level, outputs, twice));
  const up = ups.flatMap(({ name, outputs }, index) => [
    row(name, 3 - index, outputs, "2x2 transposed convolution, stride 2"),
    row(stages[5 + index].block, 3 - index, stages[5 + index].outputs, twice),
  ]);
  return [...down, ...up, row("head", 0, shape.classes, "1x1 convolution")];
}

/** How far the places of two levels lie apart, and the bars of the smallest and the largest side. */
const extent = { width: 760, height: 330, tallest: 84, thinnest: 5 };

/**
 * The U as it is always drawn: a bar for each block, as tall as its images and as thick as the logarithm of its channels, the way down on
 * the left, the way up on the right, and between them what is handed over.
 */
export function drawNetwork(rows: readonly BlockRow[]): VegaLiteSpec {
  const main = rows.filter(({ block }) => !block.startsWith("upconv"));
  const last = main.length - 1;
  const [{ side: whole }] = main;
  const places = main.map((each, place) => {
    const y = -each.level;
    const shown = `${each.side} x ${each.side} x ${each.channels}`;
    return {
      ...each,
      shown,
      x: place,
      y,
      height: (extent.tallest * each.side) / whole,
      width: 5 * Math.log2(each.channels),
    };
  });
  const skips = places.slice(0, 4).map(({ x, y }) => ({ x: x + 0.2, to: last - 1 - x - 0.2, y, way: "handed over" }));
  const ways = places.slice(1).map(({ x, y, block }, index) => {
    const before = places[index];
    const way = y < before.y ? "halved" : block === "head" ? "as it is" : y > before.y ? "doubled" : "as it is";
    return { x: before.x + 0.2, y: before.y, to: x - 0.2, toY: y, way };
  });
  const x = { field: "x", type: "quantitative", axis: null, scale: { domain: [-1.1, last + 0.6] } };
  const y = { field: "y", type: "quantitative", axis: null, scale: { domain: [-4.7, 0.85] } };
  const colour = {
    field: "way",
    type: "nominal",
    title: "between blocks",
    scale: { domain: ["halved", "doubled", "handed over", "as it is"], range: wayColours },
  };
  // Names stand where no way passes: left of the way down, right of the way up, below the lowest block and above the last two.
  const [left, right] = [places.slice(0, 4), places.slice(5, 8)];
  const beside = (values: typeof places, align: "left" | "right") =>
    ["block", "shown"].map((field, line) => ({
      data: { values },
      mark: { type: "text", align, dx: align === "left" ? 26 : -26, dy: 14 * line - 7, ...letters },
      encoding: { x, y, text: { field } },
    }));
  const stacked = (values: typeof places, first: number, side: 1 | -1) =>
    ["block", "shown"].map((field, line) => ({
      data: { values },
      mark: { type: "text", yOffset: { expr: `${side} * datum.height / 2 + ${first + 14 * line}` }, ...letters },
      encoding: { x, y, text: { field } },
    }));
  return {
    title: "The U-Net, block by block",
    description:
      "Nine blocks of two convolutions and a last convolution. Height: pixels along a side of what leaves a block; thickness: its channels, in steps of a doubling.",
    width: extent.width,
    height: extent.height,
    layer: [
      {
        data: { values: skips },
        mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.5 },
        encoding: { x, x2: { field: "to" }, y, color: colour },
      },
      {
        data: { values: ways },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x, x2: { field: "to" }, y, y2: { field: "toY" }, color: colour },
      },
      {
        data: { values: places },
        mark: {
          type: "rect",
          height: { expr: "datum.height" },
          width: { expr: `max(${extent.thinnest}, datum.width)` },
          color: okabeIto.sky,
        },
        encoding: { x, y, tooltip: ["block", "side", "channels", "does", "trained"].map((field) => ({ field })) },
      },
      ...beside(left, "right"),
      ...beside(right, "left"),
      ...stacked(places.slice(4, 5), 12, 1),
      ...stacked(places.slice(8), -24, -1),
    ],
  };
}

const wayColours = [okabeIto.vermilion, okabeIto.green, okabeIto.purple, inkColours.line];

const letters = { fontSize: 11, color: inkColours.text };
