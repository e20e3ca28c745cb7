/** The line of a text and its neighbours, the line marked. Lines and columns count from 1. */
export function excerpt(code: string, line: number, column: number): string[] {
  const lines = code.split("\n");
  const width = String(line + 1).length;
  const from = Math.max(1, line - 1);
  return lines.slice(from - 1, line + 1).flatMap((text, index) => {
    const number = from + index;
    const numbered = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${text}`;
    return number === line ? [numbered, `  ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`] : [numbered];
  });
}
