import { printable } from "../core/errors";
import { createBundle, type Bundle } from "./bundle";

/** Formatted text. Where it is shown as it is, numbered entities are what they stand for. */
export function markdown(text: string): Bundle {
  const plain = text.replace(/&#(\d{1,3});/g, (_, code: string) => String.fromCharCode(Number(code)));
  return createBundle({ "text/markdown": text, "text/plain": plain });
}

/**
 * A name from outside as it stands in Markdown: whatever is in it is text. What could begin a tag, a link, emphasis, code or a formula becomes a
 * numbered entity (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references: never markup); names of plain letters stay.
 */
export function inMarkdown(name: string): string {
  return printable(name)
    .replace(/[\\`*{}[\]<>&$~|#!@]|:(?=\/\/)|(?<!\w)_|_(?!\w)/g, entity)
    .replace(/www\./gi, (start) => start.slice(0, -1) + entity("."));
}

const entity = (character: string) => `&#${character.charCodeAt(0)};`;
