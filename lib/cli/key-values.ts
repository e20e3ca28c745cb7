import { parse } from "yaml";
import { WorkbenchError } from "../core/errors";

/** Reads `["method=iop-fl", "site=HK"]`. @throws WorkbenchError on anything else */
export function keyValues(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const cut = pair.indexOf("=");
      if (cut < 1) throw new WorkbenchError(`"${pair}" is not key=value`, "write for example method=iop-fl");
      return [pair.slice(0, cut), pair.slice(cut + 1)];
    }),
  );
}

/**
 * Reads `["iop-fl.alpha=0.5", "mu=0.1"]` as parameters by method: `{ "iop-fl": { alpha: 0.5 }, method: { mu: 0.1 } }`.
 * @throws WorkbenchError on anything else
 */
export function parameterValues(pairs: readonly string[] = []): Record<string, Record<string, unknown>> {
  const params: Record<string, Record<string, unknown>> = {};
  for (const [key, text] of Object.entries(keyValues(pairs))) {
    const [, method = "method", name] = key.match(/^(?:(.+)\.)?([^.]+)$/) ?? [];
    if (name === undefined)
      throw new WorkbenchError(`"${key}" names no parameter of a method`, "write for example --set iop-fl.alpha=0.5");
    params[method] = { ...params[method], [name]: valueOf(text) };
  }
  return params;
}

/** A number, a truth value, a list: as it would be written in the experiment's YAML. */
function valueOf(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    return text;
  }
}
