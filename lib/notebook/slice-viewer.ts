import { inkColours } from "../report/palette";
import { outlineColours } from "../report/slice-panel";
import type { SliceStack } from "./slice-stack";

const shownWidth = 420;
/** A viewer travels as text in the notebook: larger volumes are shown with fewer pixels and slices. */
const maxSide = 128;
const maxSlices = 48;

/**
 * The viewer as a Vega 5 specification, which JupyterLab and VS Code draw without extensions. Grey values travel as whole numbers from
 * 0 to 255 over `range`.
 */
export function sliceViewer(stack: SliceStack, [low, high]: readonly [number, number]): Record<string, unknown> {
  const { title, count, height, width, aspect = 1 } = stack;
  const step = Math.max(1, Math.ceil(Math.max(height, width) / maxSide));
  const every = Math.max(1, Math.ceil(count / maxSlices));
  const grid = { width: Math.floor(width / step), height: Math.floor(height / step) };
  const take = (values: ArrayLike<number>, slice: number, change: (value: number) => number) => ({
    ...grid,
    values: Array.from({ length: grid.width * grid.height }, (_, i) => {
      const [row, column] = [Math.floor(i / grid.width) * step, (i % grid.width) * step];
      return change(values[(slice * height + row) * width + column]);
    }),
  });
  const masks = (["truth", "prediction"] as const).filter((name) => stack[name]);
  // Classes are nested (a cup lies in its disc): each has its border half-way to the one around it.
  const classes = Math.max(
    1,
    ...masks.map((name) => Array.prototype.reduce.call(stack[name] ?? [], largest, 0) as number),
  );
  const borders = Array.from({ length: classes }, (_, below) => below + 0.5);
  const span = high - low || 1;
  const rows = Array.from({ length: Math.ceil(count / every) }, (_, place) => {
    const slice = place * every;
    const grey = (value: number) => Math.max(0, Math.min(255, Math.round((255 * (value - low)) / span)));
    const drawn = masks.map((name) => [name, take(stack[name] ?? [], slice, (value) => value)]);
    return { slice: slice + 1, image: take(stack.pixels, slice, grey), ...Object.fromEntries(drawn) };
  });
  const scale = shownWidth / grid.width;
  const shownHeight = Math.round(grid.height * scale * aspect);
  const middle = rows[Math.floor(rows.length / 2)].slice;
  const slider = (name: string, value: number, min: number, max: number, by: number, label = name) => ({
    name,
    value,
    bind: { input: "range", min, max, step: by, name: `${label} ` },
  });
  return {
    $schema: "https://vega.github.io/schema/vega/v5.json",
    width: shownWidth,
    height: shownHeight,
    padding: 8,
    background: inkColours.paper,
    // A dark front end would make its own letters white, on this background.
    title: {
      text: title,
      color: inkColours.text,
      subtitleColor: inkColours.muted,
      anchor: "start",
      font: "DejaVu Sans",
      fontSize: 15,
      subtitle: { signal: `'slice ' + slice + ' of ${count}'` },
    },
    signals: [
      slider("slice", middle, 1, rows[rows.length - 1].slice, every),
      slider("level", 50, 0, 100, 1, "level %"),
      slider("window", 100, 2, 200, 1, "window %"),
      ...masks.map((name) => ({
        name,
        value: true,
        bind: { input: "checkbox", name: `${name === "truth" ? "reference (amber)" : "prediction (blue)"} ` },
      })),
    ],
    data: [
      { name: "slices", values: rows },
      { name: "shown", source: "slices", transform: [{ type: "filter", expr: "datum.slice === slice" }] },
      ...masks.map((name) => ({
        name: `${name}Outline`,
        source: "shown",
        transform: [
          { type: "isocontour", field: name, thresholds: borders, smooth: false, scale: { expr: String(scale) } },
        ],
      })),
    ],
    marks: [
      {
        type: "image",
        from: { data: "shown" },
        encode: {
          update: {
            x: { value: 0 },
            y: { value: 0 },
            width: { value: shownWidth },
            height: { value: shownHeight },
            aspect: { value: false },
            smooth: { value: false },
          },
        },
        transform: [{ type: "heatmap", field: "datum.image", color: { expr: greyOf }, opacity: 1 }],
      },
      ...masks.map((name) => ({
        type: "group",
        encode: { update: { opacity: { signal: `${name} ? 1 : 0` } } },
        marks: [outlineMark(name, aspect)],
      })),
    ],
  };
}

const largest = (a: unknown, b: unknown): number => Math.max(Number(a), Number(b));

/** Level and window are shares of the range, as radiology's workstations have them: black below the window, white above it. */
const share = "clamp(0.5 + (datum.$value / 2.55 - level) / window, 0, 1)";
const greyOf = `rgb(255 * ${share}, 255 * ${share}, 255 * ${share})`;

function outlineMark(name: "truth" | "prediction", aspect: number): Record<string, unknown> {
  return {
    type: "path",
    from: { data: `${name}Outline` },
    encode: {
      update: {
        stroke: { value: `rgb(${outlineColours[name].join(",")})` },
        strokeWidth: { value: 1.5 },
        scaleY: { value: aspect },
      },
    },
    transform: [{ type: "geopath", field: "datum.contour" }],
  };
}
