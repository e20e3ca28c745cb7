import { useOneOf } from "../core/closest";
import { quote, WorkbenchError } from "../core/errors";

type View = Readonly<Record<string, unknown>>;

/** What of vega-lite's own JSON schema says which words it knows. */
interface Schema {
  readonly definitions: Readonly<
    Record<
      string,
      { readonly properties?: object; readonly enum?: readonly string[]; readonly anyOf?: readonly { $ref: string }[] }
    >
  >;
}

/** One of these says what a specification draws: https://vega.github.io/vega-lite/docs/spec.html */
const views = ["mark", "layer", "facet", "repeat", "concat", "hconcat", "vconcat"];
const several = ["layer", "concat", "hconcat", "vconcat"];
const compositeMarks = ["boxplot", "errorbar", "errorband"];

/**
 * The compiler passes over words that it does not know, and draws nothing or something else; here they are refused.
 * @throws WorkbenchError naming the place, the word and what could have been meant
 */
export function assertSpec(spec: unknown): asserts spec is View {
  const isView = isObject(spec) && views.some((view) => view in spec);
  if (isView) return assertView(spec, "", knownWords(), []);
  const found = isObject(spec)
    ? `an object with ${Object.keys(spec).join(", ") || "nothing in it"}`
    : JSON.stringify(spec);
  throw new WorkbenchError(
    `not a vega-lite specification: ${String(found).slice(0, 200)}`,
    `it needs one of ${views.join(", ")}, as in { data: { values }, mark: "point", encoding: { x: { field: "a" } } }`,
  );
}

/** @param inherited the rows that a view without data of its own shows, where they are known */
function assertView(view: View, place: string, words: Words, inherited: readonly unknown[]): void {
  for (const name of Object.keys(view)) known(name, words.views, `${place}${name}`, "property");
  const { mark, encoding = {}, data, transform, spec } = view;
  const type = isObject(mark) ? mark.type : mark;
  if (mark !== undefined) known(String(type), words.marks, `${place}mark`, "mark");
  if (data !== undefined && data !== null && !isObject(data))
    throw refusal(`${place}data is no object`, "pass { values: [...] }");
  const values = data === undefined ? inherited : isObject(data) && Array.isArray(data.values) ? data.values : [];
  // What a transformation makes of the rows is not known here.
  const rows = transform === undefined ? (values as readonly unknown[]) : [];
  if (!isObject(encoding)) throw refusal(`${place}encoding is no object`, 'pass { x: { field: "a" } }');
  for (const [channel, definition] of Object.entries(encoding)) {
    const where = `${place}encoding.${channel}`;
    known(channel, words.channels, where, "channel");
    for (const each of Array.isArray(definition) ? (definition as unknown[]) : [definition])
      assertChannel(each, where, words, rows);
  }
  for (const name of several) {
    const parts = view[name];
    if (parts === undefined) continue;
    if (!Array.isArray(parts) || parts.length === 0)
      throw refusal(`${place}${name} is no list of views`, "pass at least one");
    parts.forEach((part, index) => isObject(part) && assertView(part, `${place}${name}[${index}].`, words, rows));
  }
  if (isObject(spec)) assertView(spec, `${place}spec.`, words, rows);
}

function assertChannel(definition: unknown, place: string, words: Words, rows: readonly unknown[]): void {
  if (definition === null) return;
  if (!isObject(definition))
    throw refusal(`${place} is ${JSON.stringify(definition)}`, 'pass an object: { field: "a" } or { value: 1 }');
  const { type, field } = definition;
  if (type !== undefined) known(String(type), words.types, `${place}.type`, "type");
  const records = rows.filter(isObject);
  const isPlain = typeof field === "string" && /^[\w -]+$/.test(field);
  if (!isPlain || records.length === 0 || records.some((row) => field in row)) return;
  throw refusal(`${place}: no row has a field ${quote(field)}`, useOneOf(field, Object.keys(records[0])));
}

interface Words {
  readonly views: readonly string[];
  readonly marks: readonly string[];
  readonly channels: readonly string[];
  readonly types: readonly string[];
}

function knownWords(): Words {
  const { definitions } = require("vega-lite/build/vega-lite-schema.json") as Schema;
  const propertiesOf = (pattern: RegExp): string[] =>
    Object.entries(definitions).flatMap(([name, of]) => (pattern.test(name) ? Object.keys(of.properties ?? {}) : []));
  const valuesOf = (name: string): readonly string[] => definitions[name].enum ?? [];
  return {
    views: [...new Set([...propertiesOf(/^(TopLevel.*|.*(Unit|Layer|Facet|Concat|Repeat)).*Spec/), ...views, "spec"])],
    marks: [...valuesOf("Mark"), ...compositeMarks],
    channels: propertiesOf(/^FacetedEncoding$/),
    types: valuesOf("Type"),
  };
}

function known(word: string, words: readonly string[], place: string, what: string): void {
  if (!words.includes(word)) throw refusal(`${place}: unknown ${what} ${quote(word)}`, useOneOf(word, words));
}

const refusal = (problem: string, hint: string) =>
  new WorkbenchError(`not a vega-lite specification: ${problem}`, hint);

function isObject(value: unknown): value is View {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
