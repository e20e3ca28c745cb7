import { createBundle, type Bundle } from "./bundle";

/** Formatted text. */
export function markdown(text: string): Bundle {
  return createBundle({ "text/markdown": text, "text/plain": text });
}
