import { printableLines } from "../core/escape-html";

/** Fields of a trace whose texts are data: names of sites, cases, methods. */
const dataFields = new Set([
  "x",
  "y",
  "z",
  "labels",
  "parents",
  "ids",
  "customdata",
  "locations",
  "name",
  "legendgroup",
]);

/**
 * Plotly reads its own small HTML in every text (https://plotly.com/javascript/reference/layout/annotations/#layout-annotations-items-annotation-text):
 * bold, line breaks, and links to wherever a name says. In data it is text, and no link is made anywhere; what would not be seen is written
 * out.
 * @param figure plain JSON @returns the same, to be sent
 */
export function plainTexts(figure: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const traces = Array.isArray(figure.data) ? (figure.data as unknown[]) : [];
  return { ...(withTexts(figure, linkless) as Record<string, unknown>), data: traces.map(plainTrace) };
}

function plainTrace(trace: unknown): unknown {
  if (typeof trace !== "object" || trace === null || Array.isArray(trace)) return withTexts(trace, linkless);
  return Object.fromEntries(
    Object.entries(trace).map(([name, value]) => [name, withTexts(value, dataFields.has(name) ? asText : linkless)]),
  );
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((each) => withTexts(each, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, withTexts(of, change)]));
}

const asText = (text: string): string => printableLines(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");
/** Of links alone the begin is taken: other tags only change the look. */
const linkless = (text: string): string => printableLines(text).replace(/<(?=\s*a(?![a-z]))/gi, "&lt;");
