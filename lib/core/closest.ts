/** @returns the known word that was most likely meant, or `undefined` when none is near */
export function closest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((each) => ({ each, distance: editDistance(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= Math.ceil(Math.max(word.length, each.length) / 3))
    .sort((a, b) => a.distance - b.distance);
  return best?.each;
}

/** @returns the hint for a word that is not known: `did you mean "quick"? use one of paper, quick` */
export function useOneOf(word: string, known: readonly string[]): string {
  const meant = closest(word, known);
  return `${meant === undefined ? "" : `did you mean "${meant}"? `}use one of ${known.join(", ")}`;
}

/** The fewest characters to change, insert, remove or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, changed);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
