import type { VegaLiteSpec } from "../report/figure";
import type { PlotlyFigure } from "./plotly-figure";

type Trace = Readonly<Record<string, unknown>>;
type Values = readonly unknown[];

/** How the mark of a Plotly trace is called in vega-lite. */
const marks: Readonly<Record<string, string>> = { bar: "bar", scatter: "line", scattergl: "line", histogram: "bar" };

/**
 * A plain still of a Plotly figure, for places that do not run Plotly: lines, points, bars, histograms and heat maps as such; of any other
 * kind of trace it says that the figure has to be opened in JupyterLab.
 */
export function stillOf({ data, layout = {} }: PlotlyFigure): VegaLiteSpec {
  const title = textOf(layout.title) ?? "Plotly figure";
  const axes = { x: textOf((layout.xaxis as Trace)?.title), y: textOf((layout.yaxis as Trace)?.title) };
  const maps = data.filter(({ type }) => type === "heatmap");
  if (maps.length > 0 && maps.length === data.length) return heatMap(maps[0], title, axes);
  if (!data.every(({ type = "scatter" }) => String(type) in marks)) return notice(title, data);
  return { title, layer: data.map((trace, index) => layerOf(trace, `trace ${index + 1}`, axes)) };
}

interface Axes {
  readonly x: string | undefined;
  readonly y: string | undefined;
}

function layerOf(trace: Trace, fallback: string, axes: Axes): VegaLiteSpec {
  const { type = "scatter", mode = "lines" } = trace;
  const [x, y] = [listOf(trace.x), listOf(trace.y)];
  const name = typeof trace.name === "string" ? trace.name : fallback;
  const count = Math.max(x.length, y.length);
  const values = Array.from({ length: count }, (_, index) => ({ x: x[index] ?? index, y: y[index], name }));
  const points = type === "scatter" && !String(mode).includes("lines");
  const mark = points ? "point" : marks[String(type)];
  const ofX = {
    field: "x",
    type: typeof values[0]?.x === "number" ? "quantitative" : "nominal",
    title: axes.x ?? null,
  };
  const counted = type === "histogram" && y.length === 0;
  return {
    data: { values },
    mark: { type: mark, point: mark === "line" && String(mode).includes("markers") },
    encoding: {
      x: counted && ofX.type === "quantitative" ? { ...ofX, bin: true } : ofX,
      y: counted ? { aggregate: "count" } : { field: "y", type: "quantitative", title: axes.y ?? null },
      color: { field: "name", type: "nominal", title: null },
    },
  };
}

function heatMap(trace: Trace, title: string, axes: Axes): VegaLiteSpec {
  const [columns, rows] = [listOf(trace.x), listOf(trace.y)];
  const values = listOf(trace.z).flatMap((line, row) =>
    listOf(line).map((z, column) => ({ x: columns[column] ?? column, y: rows[row] ?? row, z })),
  );
  const axis = (field: "x" | "y") => ({ field, type: "ordinal", sort: null, title: axes[field] ?? null });
  const color = { field: "z", type: "quantitative", title: textOf((trace.colorbar as Trace)?.title) ?? null };
  return { title, data: { values }, mark: "rect", encoding: { x: axis("x"), y: axis("y"), color } };
}

function notice(title: string, data: readonly Trace[]): VegaLiteSpec {
  const kinds = [...new Set(data.map(({ type }) => String(type)))].join(", ");
  const text = `${title} (${kinds}): open the notebook in JupyterLab to see it`;
  return { data: { values: [{ text }] }, mark: "text", encoding: { text: { field: "text" } }, height: 40 };
}

/** Plotly takes a title as text or as an object. */
function textOf(title: unknown): string | undefined {
  const text = typeof title === "object" && title !== null ? (title as Trace).text : title;
  return typeof text === "string" ? text : undefined;
}

function listOf(values: unknown): Values {
  return Array.isArray(values) || ArrayBuffer.isView(values) ? Array.from(values as unknown as ArrayLike<unknown>) : [];
}
