import { WorkbenchError } from "../core/errors";
import { renderVegaLite, styled, type VegaLiteSpec } from "../report/figure";
import { base64, createBundle, type Bundle } from "./bundle";

/**
 * A vega-lite 5 figure in the house style: interactive in JupyterLab, a PNG wherever that is not understood (nbconvert, GitHub).
 * @throws WorkbenchError when the specification cannot be drawn
 */
export async function figure(spec: VegaLiteSpec): Promise<Bundle> {
  assertSpec(spec);
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

/** One of these says what a specification draws: https://vega.github.io/vega-lite/docs/spec.html */
const views = ["mark", "layer", "facet", "repeat", "concat", "hconcat", "vconcat"];

/** The compiler draws nothing, or stumbles far away, where a specification is something else. */
function assertSpec(spec: unknown): void {
  const isObject = typeof spec === "object" && spec !== null && !Array.isArray(spec);
  if (isObject && views.some((view) => view in spec)) return;
  const found = isObject ? `an object with ${Object.keys(spec).join(", ") || "nothing in it"}` : JSON.stringify(spec);
  throw new WorkbenchError(
    `not a vega-lite specification: ${String(found).slice(0, 200)}`,
    `it needs one of ${views.join(", ")}, as in { data: { values }, mark: "point", encoding: { x: { field: "a" } } }`,
  );
}
