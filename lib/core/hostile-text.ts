/**
 * What a terminal, a browser or an XML reader would obey or hide in place of showing it: control characters, line and paragraph
 * separators, marks that turn the direction of text or have no width, and halves of surrogate pairs.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A name that came from outside, on one line and as it is: characters that would not be seen are written as `\n` or `\u{1b}`.
 * Letters of every script stay.
 */
export function visible(text: string): string {
  return text.replace(unseen, escaped);
}

/** The same of a text of several lines: line breaks and tabs stay as they are. */
export function visibleLines(text: string): string {
  return text.replace(unseen, (character) => (/[\t\n\r]/.test(character) ? character : escaped(character)));
}

/**
 * Text for HTML and XML, in an element or in an attribute between quotes: markup is written as numbered entities, and what would not
 * be seen as by `visibleLines`.
 */
export function escapeHtml(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  return short[character] ?? `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
