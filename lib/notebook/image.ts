import { printable } from "../core/errors";
import { escapeHtml } from "../core/escape-html";
import { base64, createBundle, type Bundle } from "./bundle";

/** A picture. @param png the bytes of a PNG file; `width` is in CSS pixels, its own if absent, and `alt` is read out in its place */
export function image(png: Uint8Array, { alt = "image", width }: { alt?: string; width?: number } = {}): Bundle {
  return pictureBundle(png, { alt, width, text: `[${alt}] PNG of ${png.length} bytes` });
}

/** What is said of a picture: `alt` in its place, `caption` below it, `text` where there are no pictures. */
export interface PictureWords {
  readonly alt: string;
  readonly caption?: string;
  readonly text: string;
  readonly width?: number;
  readonly height?: number;
}

/**
 * A PNG for every front end. JupyterLab's renderer of `image/png` knows no alternative text (4.6: width, height, `unconfined` and
 * `needs_background` alone), nor does nbconvert's template of that look; both take HTML before pictures, and let `data:` addresses of an
 * `<img>` through also where a notebook is not trusted.
 */
export function pictureBundle(png: Uint8Array, { alt, caption, text, width, height }: PictureWords): Bundle {
  const content = base64(png);
  const size = Object.entries({ width, height }).flatMap(([name, length]) => (length ? [[name, length] as const] : []));
  const attributes = [["src", `data:image/png;base64,${content}`], ["alt", alt], ...size] as const;
  const img = `<img ${attributes.map(([name, value]) => `${name}="${escapeHtml(String(value))}"`).join(" ")}>`;
  return createBundle(
    {
      "text/html": caption === undefined ? img : `${img}<br><code>${escapeHtml(caption)}</code>`,
      "image/png": content,
      "text/plain": printable(text),
    },
    { "image/png": { ...Object.fromEntries(size), alt: printable(alt) } },
  );
}
