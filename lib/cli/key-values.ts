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
