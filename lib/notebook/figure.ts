import { renderVegaLite, styled, type VegaLiteSpec } from "../report/figure";
import { base64, createBundle, type Bundle } from "./bundle";

/**
 * A vega-lite 5 figure in the house style: interactive in JupyterLab, a PNG wherever that is not understood (nbconvert, GitHub).
 * @throws WorkbenchError when the specification cannot be drawn
 */
export async function figure(spec: VegaLiteSpec): Promise<Bundle> {
  const { png, width, height } = await renderVegaLite(spec);
  const data = {
    "application/vnd.vegalite.v5+json": styled(spec),
    "image/png": base64(png),
    "text/plain": `[figure] ${titleOf(spec)}`,
  };
  return createBundle(data, { "image/png": { width, height } });
}

function titleOf({ title }: VegaLiteSpec): string {
  if (typeof title === "string") return title;
  const text = (title as { text?: unknown } | undefined)?.text;
  return typeof text === "string" ? text : "without a title";
}
