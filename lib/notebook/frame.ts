import type { DataFrame } from "danfojs-node";

/** @returns a danfo.js data frame of rows with the same fields. danfo.js takes seconds to load, so it is loaded when first asked for. */
export async function frame(rows: readonly object[]): Promise<DataFrame> {
  const danfo = await import("danfojs-node");
  return new danfo.DataFrame([...rows]);
}
