import type { VegaLiteSpec } from "../report/figure";
import type { PlotlyFigure } from "./plotly-figure";
import { isLayer, layerOf } from "./plotly-layer";
import { isMap, mapOf } from "./plotly-map";
import { kindOf, textOf, type Trace } from "./plotly-trace";

/**
 * A plain still of a Plotly figure, for places that do not run Plotly: lines, points, bars, histograms and boxes over each other, or one
 * field of values (heat map, surface from above, contours). What of the figure it does not draw stands below its title.
 */
export function stillOf({ data, layout = {} }: PlotlyFigure): VegaLiteSpec {
  const title = textOf(layout.title) ?? "Plotly figure";
  const [xAxis, yAxis] = [layout.xaxis, layout.yaxis] as (Trace | undefined)[];
  const axes = { x: textOf(xAxis?.title), y: textOf(yAxis?.title), downwards: yAxis?.autorange === "reversed" };
  const map = data.find(isMap);
  const drawn = map ? [map] : data.filter(isLayer);
  const left = data.filter((trace) => !drawn.includes(trace));
  if (drawn.length === 0) return notice(title, data);
  const { spec, remarks } = map
    ? mapOf(map, axes)
    : { spec: { layer: drawn.map((trace, index) => layerOf(trace, `trace ${index + 1}`, axes)) }, remarks: [] };
  const said = [...remarks, ...(left.length > 0 ? [`not drawn here: ${namesOf(left)}`] : [])].join("; ");
  return said === "" ? { title, ...spec } : { title: { text: title, subtitle: said }, description: said, ...spec };
}

function notice(title: string, data: readonly Trace[]): VegaLiteSpec {
  const text = `${title} (${namesOf(data)}): open the notebook in JupyterLab to see it`;
  return { title: text, data: { values: [{ text }] }, mark: "text", encoding: { text: { field: "text" } }, height: 40 };
}

const namesOf = (data: readonly Trace[]): string => [...new Set(data.map(kindOf))].join(", ") || "nothing in it";
