import { WorkbenchError } from "../core/errors";
import { renderVegaLite, type VegaLiteSpec } from "../report/figure";
import { base64, createBundle, type Bundle } from "./bundle";
import { alternativeOf } from "./figure";
import type { PlotlyFigure } from "./plotly-figure";
import { stillOf } from "./plotly-still";
import { plainTexts } from "./plotly-text";

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
  const { png, alt } =
    still instanceof Uint8Array ? { png: still, alt: "Plotly figure" } : await drawnOf(still ?? stillOf(figure));
  // Only plain JSON can be sent: typed arrays and functions would arrive as something else.
  const plain = plainTexts(
    JSON.parse(JSON.stringify({ layout: {}, ...figure }, arraysAsJson)) as Record<string, unknown>,
  );
  const data = { "application/vnd.plotly.v1+json": plain, "image/png": base64(png), "text/plain": "[Plotly figure]" };
  return createBundle(data, { "image/png": { alt } });
}

async function drawnOf(spec: VegaLiteSpec): Promise<{ png: Uint8Array; alt: string }> {
  const { png } = await renderVegaLite(spec, { scale: 1 });
  return { png, alt: alternativeOf(spec) };
}

function arraysAsJson(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
}
