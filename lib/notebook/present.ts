import { inspect } from "node:util";
import { createBundle, isBundle, presentation, type Bundle } from "./bundle";
import { isVolume, slices, stackOfVolume } from "./slices";
import { isFrame, table } from "./table";
import { isTensor, tensorBundle } from "./tensor";

/** @returns how a value is shown: bundles as they are, data frames as tables, tensors as a summary with a picture, volumes with a slider, the rest as text. */
export function present(value: unknown): Bundle {
  if (isBundle(value)) return value;
  const own = typeof value === "object" && (value as { [presentation]?: () => Bundle } | null)?.[presentation];
  if (own) return own();
  if (isFrame(value)) return table(value);
  if (isTensor(value)) return tensorBundle(value);
  if (isVolume(value)) return slices(stackOfVolume(value));
  return createBundle({ "text/plain": inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 2000 }) });
}
