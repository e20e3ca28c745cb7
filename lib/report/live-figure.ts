import { compactRows, type CompactRows } from "./compact-rows";
import { styled, type VegaLiteSpec } from "./figure";

type Part = Readonly<Record<string, unknown>>;

/** How a mark is drawn that a picked name does not have. */
const faded = 0.05;
const picked = "picked";

/** A figure as page and script share it. */
export interface LiveFigure {
  /** Vega-lite without its data. */
  readonly spec: VegaLiteSpec;
  readonly rows: CompactRows;
  /** What a reader can do with it, in sentences. */
  readonly hint: string;
}

export function liveFigure(spec: VegaLiteSpec): LiveFigure {
  const explored = explorable(spec);
  const { data, ...rest } = styled({ ...explored.spec, config: { mark: { tooltip: true } } });
  const { values = [] } = (data ?? {}) as { readonly values?: readonly Part[] };
  return { spec: rest, rows: compactRows(values), hint: explored.hint };
}

/**
 * What a reader can do with a figure beside looking: read the values beneath the pointer, pick names in the legend, and where two
 * quantities span it, move and zoom. Only specifications that are made of units, layers and facets, as ours are.
 */
function explorable(spec: VegaLiteSpec): Pick<LiveFigure, "spec" | "hint"> {
  // In facets the encoding is of each panel, which has no legend of its own.
  const { color, x } = (spec.encoding ?? {}) as { readonly color?: Part; readonly x?: Part };
  const legend = color?.type === "nominal" && color.legend !== null && typeof color.field === "string";
  const plane = legend && x?.type === "quantitative";
  const params = [
    ...(legend ? [{ name: picked, select: { type: "point", fields: [color.field] }, bind: "legend" }] : []),
    ...(plane ? [{ name: "window", select: "interval", bind: "scales" }] : []),
  ];
  const hint = [
    "Values show here for what is beneath the pointer.",
    ...(legend ? ["A name in the legend picks it; with shift, several."] : []),
    ...(plane ? ["Drag moves, the wheel zooms, a double click goes back."] : []),
  ];
  return { spec: withParams(eachMark(spec, legend), params), hint: hint.join(" ") };
}

/** In a layered figure selections belong to its first unit. */
function withParams(spec: Part, params: readonly Part[]): Part {
  if (params.length === 0) return spec;
  const [first, ...others] = (spec.layer ?? []) as readonly Part[];
  return first ? { ...spec, layer: [withParams(first, params), ...others] } : { ...spec, params };
}

function eachMark(part: Part, fades: boolean): Part {
  if (Array.isArray(part.layer)) return { ...part, layer: (part.layer as Part[]).map((each) => eachMark(each, fades)) };
  if (part.spec) return { ...part, spec: eachMark(part.spec as Part, fades) };
  const { mark: written, encoding = {}, ...rest } = part;
  const mark = typeof written === "string" ? { type: written } : (written as Part);
  const opacity = { condition: { param: picked, value: mark.opacity ?? 1 }, value: faded };
  const drawn = { mark, encoding: fades ? { ...(encoding as Part), opacity } : encoding };
  if (mark.type !== "line") return { ...rest, ...drawn };
  // A line has no values of its own beneath the pointer; points that are not seen have.
  return { ...rest, layer: [drawn, { mark: { type: "point", opacity: 0, size: 60 }, encoding }] };
}
