import { base64, createBundle, type Bundle } from "./bundle";

/** A picture. @param png the bytes of a PNG file. @param options.width how wide it is shown, in CSS pixels; its own width if absent */
export function image(png: Uint8Array, { alt = "image", width }: { alt?: string; width?: number } = {}): Bundle {
  const metadata = width ? { "image/png": { width } } : {};
  return createBundle({ "image/png": base64(png), "text/plain": `[${alt}] PNG of ${png.length} bytes` }, metadata);
}
