import { Resvg } from "@resvg/resvg-js";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { logger, None, parse, View, type Spec } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { WorkbenchError } from "../core/errors";
import { printableLines } from "../core/escape-html";
import { withOwnIds } from "./own-ids";
import { categoryColours, inkColours, quantityScheme, signedScheme } from "./palette";

/** A vega-lite 5 specification; `$schema` and the house style are added when it is rendered. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

export interface RenderedFigure {
  readonly svg: string;
  /** `scale` times as many pixels as the figure is wide and high, on white. */
  readonly png: Uint8Array;
  /** The size at which it is meant to be seen, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const schema = "https://vega.github.io/schema/vega-lite/v5.json";
const family = "DejaVu Sans";
/** Sharp on screens with small pixels and in print. */
const usualScale = 2;

/** The house style: the defaults of every figure, in notebooks and in the report. */
const figureStyle = {
  background: inkColours.paper,
  font: family,
  padding: 8,
  view: { stroke: null, continuousWidth: 560, continuousHeight: 280, discreteWidth: { step: 36 } },
  title: {
    fontSize: 15,
    fontWeight: "bold",
    color: inkColours.text,
    anchor: "start",
    offset: 12,
    subtitleFontSize: 12,
    subtitleColor: inkColours.muted,
  },
  axis: {
    labelLimit: 300,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    titlePadding: 8,
    labelColor: inkColours.text,
    titleColor: inkColours.text,
    gridColor: inkColours.grid,
    domainColor: inkColours.line,
    tickColor: inkColours.line,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelColor: inkColours.text,
    titleColor: inkColours.text,
    symbolStrokeWidth: 2.5,
  },
  header: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelColor: inkColours.text,
    titleColor: inkColours.text,
  },
  range: {
    category: categoryColours,
    heatmap: { scheme: quantityScheme },
    ramp: { scheme: quantityScheme },
    diverging: { scheme: signedScheme },
  },
  mark: { color: categoryColours[0] },
  line: { strokeWidth: 2 },
  point: { size: 45, filled: true },
} as const;

/**
 * @returns the specification as front ends get it: with its schema and the house style; what it sets itself wins. Names in its data are
 * text of others: what would not be seen in them is written out (an SVG with control characters cannot be read).
 */
export function styled(spec: VegaLiteSpec): VegaLiteSpec {
  const own = (spec.config ?? {}) as Record<string, unknown>;
  return { $schema: schema, ...(shown(spec) as VegaLiteSpec), config: mergeDeep(figureStyle, own) };
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return printableLines(value);
  if (Array.isArray(value)) return value.map(shown);
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, of]) => [key, shown(of)])) : value;
}

/**
 * Draws a vega-lite specification without a browser, as SVG and as PNG; the same specification gives the same bytes on every machine,
 * because only the fonts that come with the project are used.
 * @param options.scale pixels of the PNG for each CSS pixel
 * @throws WorkbenchError when the specification cannot be compiled or drawn
 */
export async function renderVegaLite(spec: VegaLiteSpec, { scale = usualScale } = {}): Promise<RenderedFigure> {
  const svg = await renderSvg(spec);
  return { svg, ...drawing(spec, () => rasterise(svg, scale)) };
}

/** The same as SVG alone, which takes a tenth of the time. */
export async function renderSvg(spec: VegaLiteSpec): Promise<string> {
  // Its warnings are about style, and faults are thrown.
  const view = drawing(spec, () => {
    const { spec: compiled } = compile(styled(spec) as unknown as TopLevelSpec, { logger: logger(None) });
    return new View(parse(compiled as Spec), { renderer: "none" });
  });
  try {
    return withOwnIds(await view.toSVG());
  } catch (error) {
    throw cannotDraw(spec, error);
  } finally {
    view.finalize();
  }
}

function drawing<Drawn>(spec: VegaLiteSpec, draw: () => Drawn): Drawn {
  try {
    return draw();
  } catch (error) {
    throw cannotDraw(spec, error);
  }
}

function cannotDraw(spec: VegaLiteSpec, error: unknown): WorkbenchError {
  const title = typeof spec.title === "string" ? ` "${spec.title}"` : "";
  return new WorkbenchError(
    `cannot draw the figure${title}: ${(error as Error).message}`,
    "check the vega-lite specification",
  );
}

/** @returns a PNG of an SVG, drawn with the project's own fonts, and the size at which it is meant to be seen. */
function rasterise(svg: string, scale = usualScale): Omit<RenderedFigure, "svg"> {
  const fonts = dirname(createRequire(__filename).resolve("dejavu-fonts-ttf/package.json"));
  const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSansMono.ttf"].map(
    (name) => join(fonts, "ttf", name),
  );
  const image = new Resvg(svg, {
    background: inkColours.paper,
    fitTo: { mode: "zoom", value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles,
      defaultFontFamily: family,
      sansSerifFamily: family,
      monospaceFamily: "DejaVu Sans Mono",
    },
  });
  return { png: image.render().asPng(), width: image.width, height: image.height };
}

function mergeDeep(
  base: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    merged[key] =
      isPlain(value) && isPlain(merged[key]) ? mergeDeep(merged[key] as Record<string, unknown>, value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
