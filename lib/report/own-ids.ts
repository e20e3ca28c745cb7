import { sha256 } from "../core/hash";

/** Digits of the hash: two figures of one page must not meet. */
const digits = 8;

/**
 * Vega counts the ids of gradients and clips through a whole process: the same figure drawn later had other bytes. @returns the SVG with ids
 * of its own, which follow from what it draws, so that figures of one page do not meet either
 */
export function withOwnIds(svg: string): string {
  const places = new Map<string, number>();
  for (const [tag] of svg.matchAll(/<[^>]*>/g)) {
    const [, id] = / id="([^"]+)"/.exec(tag) ?? [];
    if (id !== undefined && !places.has(id)) places.set(id, places.size);
  }
  if (places.size === 0) return svg;
  const named = (prefix: string) =>
    svg.replace(/<[^>]*>/g, (tag) =>
      tag.replace(/( id="|url\(#|href="#)([^")]+)/g, (whole, before: string, id: string) =>
        places.has(id) ? `${before}${prefix}${places.get(id)}` : whole,
      ),
    );
  return named(`f${sha256(named("")).slice(0, digits)}-`);
}
