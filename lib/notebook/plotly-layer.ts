import type { VegaLiteSpec } from "../report/figure";
import { kindOf, listOf, type Axes, type Trace } from "./plotly-trace";

/** How the mark of a Plotly trace is called in vega-lite. */
const marks: Readonly<Record<string, string>> = {
  bar: "bar",
  scatter: "line",
  scattergl: "line",
  histogram: "bar",
  box: "boxplot",
};

/** Whether a trace can be drawn over others. A box needs its values: of quartiles alone there is nothing to draw it from. */
export const isLayer = (trace: Trace): boolean =>
  kindOf(trace) in marks && (kindOf(trace) !== "box" || listOf(trace.y).length > 0 || listOf(trace.x).length > 0);

/** @param fallback what a trace without a name is called */
export function layerOf(trace: Trace, fallback: string, axes: Axes): VegaLiteSpec {
  const name = typeof trace.name === "string" ? trace.name : fallback;
  return kindOf(trace) === "box" ? boxOf(trace, name, axes) : seriesOf(trace, name, axes);
}

const color = { field: "name", type: "nominal", title: null };

function seriesOf(trace: Trace, name: string, axes: Axes): VegaLiteSpec {
  const { mode = "lines" } = trace;
  const [x, y] = [listOf(trace.x), listOf(trace.y)];
  const count = Math.max(x.length, y.length);
  const values = Array.from({ length: count }, (_, index) => ({ x: x[index] ?? index, y: y[index], name }));
  const points = kindOf(trace) === "scatter" && !String(mode).includes("lines");
  const mark = points ? "point" : marks[kindOf(trace)];
  const ofX = {
    field: "x",
    type: typeof values[0]?.x === "number" ? "quantitative" : "nominal",
    title: axes.x ?? null,
  };
  const counted = kindOf(trace) === "histogram" && y.length === 0;
  return {
    data: { values },
    mark: { type: mark, point: mark === "line" && String(mode).includes("markers") },
    encoding: {
      x: counted && ofX.type === "quantitative" ? { ...ofX, bin: true } : ofX,
      y: counted ? { aggregate: "count" } : { field: "y", type: "quantitative", title: axes.y ?? null },
      color,
    },
  };
}

/** The values of a box stand in `y` with their groups in `x`; lying down, the other way round. Without groups a trace is one box. */
function boxOf(trace: Trace, name: string, axes: Axes): VegaLiteSpec {
  const lies = trace.orientation === "h" || listOf(trace.y).length === 0;
  const [values, groups] = [listOf(lies ? trace.x : trace.y), listOf(lies ? trace.y : trace.x)];
  const rows = values.map((value, index) => ({ value, group: groups[index] ?? name, name }));
  const [along, across] = lies ? [axes.x, axes.y] : [axes.y, axes.x];
  const value = { field: "value", type: "quantitative", title: along ?? null, scale: { zero: false } };
  const group = { field: "group", type: "nominal", sort: null, title: across ?? null };
  return {
    data: { values: rows },
    mark: { type: "boxplot", extent: 1.5 },
    encoding: lies ? { x: value, y: group, color } : { x: group, y: value, color },
  };
}
