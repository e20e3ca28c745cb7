import { hashOf, type Json } from "../core/hash";

/** A label longer than this is no longer read: file names have an end too. */
const longest = 80;

/**
 * Names parameters that differ from a method's defaults, for file names, tables and captions: `alpha=0.5,warmup=2`. Equal parameters give
 * equal labels, different ones different labels.
 * @returns `undefined` when nothing differs
 */
export function paramsLabel(changed: Readonly<Record<string, unknown>>): string | undefined {
  const parts = Object.entries(changed)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${valueLabel(value)}`);
  if (parts.length === 0) return undefined;
  const label = parts.join(",");
  return label.length <= longest ? label : `params-${hashOf(changed as Json).slice(0, 12)}`;
}

/** @returns the parameters that are not what they are by default */
export function changedParams(
  params: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const same = (name: string) =>
    name in defaults && hashOf((params[name] ?? null) as Json) === hashOf((defaults[name] ?? null) as Json);
  return Object.fromEntries(Object.entries(params).filter(([name]) => !same(name)));
}

/** Plain words stand as they are; whatever else there is, by a hash: a label becomes part of a file name. */
function valueLabel(value: unknown): string {
  const text = String(value);
  const plain = ["number", "boolean", "string"].includes(typeof value) && /^[\w+-][\w.+-]{0,23}$/.test(text);
  return plain ? text : hashOf((value ?? null) as Json).slice(0, 8);
}
