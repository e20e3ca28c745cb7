import { printable } from "./errors";

/** As `printable`, of a text of several lines: its line breaks stay. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * Text for HTML and XML, in an element or in an attribute between quotes: markup is written as numbered entities, and what would not
 * be seen, or has no place in XML, as by `printableLines`.
 */
export function escapeHtml(text: string): string {
  return printableLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
