import { printable } from "../core/errors";
import { renderVegaLite, styled, type VegaLiteSpec } from "../report/figure";
import { base64, createBundle, type Bundle } from "./bundle";
import { assertSpec } from "./check-spec";

/**
 * A vega-lite 5 figure in the house style: interactive in JupyterLab, a PNG wherever that is not understood (nbconvert, GitHub).
 * @throws WorkbenchError when it is no specification, or cannot be drawn
 */
export async function figure(spec: VegaLiteSpec): Promise<Bundle> {
  assertSpec(spec);
  const { png, width, height } = await renderVegaLite(spec);
  const alt = alternativeOf(spec);
  const data = {
    "application/vnd.vegalite.v5+json": styled({ description: alt, ...spec }),
    "image/png": base64(png),
    "text/plain": `[figure] ${titleOf(spec)}`,
  };
  return createBundle(data, { "image/png": { width, height, alt } });
}

/** What is read out in place of a figure: its description, or its title. */
export function alternativeOf(spec: VegaLiteSpec): string {
  return typeof spec.description === "string" ? `${titleOf(spec)}: ${printable(spec.description)}` : titleOf(spec);
}

function titleOf({ title }: VegaLiteSpec): string {
  if (typeof title === "string") return printable(title);
  const text = (title as { text?: unknown } | undefined)?.text;
  return typeof text === "string" ? printable(text) : "without a title";
}
