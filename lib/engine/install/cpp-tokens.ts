/** Comments; strings and characters; preprocessor lines; words and numbers; operators, the longest first; whatever is left but space. */
export const token =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')|(^[ \t]*#(?:[^\n\\/]|\\[\s\S]|\/(?![/*]))*)|([A-Za-z0-9_.']+)|(<=>|<<=|>>=|->\*|\.\.\.|::|\+\+|--|->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=)|(\S)/gm;

/**
 * @param text C++ without raw strings
 * @returns its tokens, with spaces between them: the same whatever its comments and layout are
 */
export function cppTokens(text: string): string {
  const tokens: string[] = [];
  for (const [whole, comment, , directive] of text.matchAll(token)) {
    if (comment !== undefined) continue;
    // A directive ends with its line.
    if (directive !== undefined) tokens.push(`\n${directive.trim().replace(/\s+/g, " ")}\n`);
    else tokens.push(whole);
  }
  return tokens.join(" ");
}
