import { WorkbenchError } from "../core/errors";
import { renderVegaLite, type VegaLiteSpec } from "../report/figure";
import { base64, createBundle, type Bundle } from "./bundle";
import type { PlotlyFigure } from "./plotly-figure";
import { stillOf } from "./plotly-still";

/**
 * A Plotly figure with a still beside it for every place that does not run Plotly.
 * @param still a PNG, or a vega-lite specification that shows the same; a plain one is drawn if absent
 * @throws WorkbenchError when the figure is text: JupyterLab stops reading a notebook at a Plotly figure that is a JSON string
 */
export async function plotly(
  figure: PlotlyFigure,
  { still }: { still?: VegaLiteSpec | Uint8Array } = {},
): Promise<Bundle> {
  if (typeof figure !== "object" || figure === null || !Array.isArray(figure.data)) {
    throw new WorkbenchError(
      `not a Plotly figure: ${typeof figure}`,
      "pass an object { data: [...], layout: {...} }, not its JSON text",
    );
  }
  // JupyterLab's Plotly extension shows the PNG, pixel by pixel, until the pointer enters it; then it becomes interactive.
  const png = still instanceof Uint8Array ? still : (await renderVegaLite(still ?? stillOf(figure), { scale: 1 })).png;
  // Only plain JSON can be sent: typed arrays and functions would arrive as something else.
  const plain = JSON.parse(JSON.stringify({ layout: {}, ...figure }, arraysAsJson)) as Record<string, unknown>;
  return createBundle({
    "application/vnd.plotly.v1+json": plain,
    "image/png": base64(png),
    "text/plain": "[Plotly figure]",
  });
}

function arraysAsJson(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
}
