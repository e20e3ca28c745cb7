import { base64, createBundle, type Bundle } from "./bundle";

/** A picture. @param png the bytes of a PNG file; `width` is in CSS pixels, its own if absent, and `alt` is read out in its place */
export function image(png: Uint8Array, { alt = "image", width }: { alt?: string; width?: number } = {}): Bundle {
  const metadata = { "image/png": { ...(width ? { width } : {}), alt } };
  return createBundle({ "image/png": base64(png), "text/plain": `[${alt}] PNG of ${png.length} bytes` }, metadata);
}
