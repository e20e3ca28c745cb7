/** What stands behind the names of cases. */
export interface Suffixes {
  readonly imageSuffix: string;
  readonly maskSuffix: string;
}

/** Names that masks are given. */
export const maskLike = /mask|label|seg|truth|annot|manual|(?:^|[^a-z])gt(?:[^a-z]|$)/i;

const separators = "_-. ";
const isOpen = (rest: string) => rest === "" || separators.includes(rest[0]);

/** @returns what most images and masks have behind a common name, when both are put in order */
export function commonSuffixes(images: readonly string[], masks: readonly string[]): Suffixes {
  const [first, second] = [[...images].sort(), [...masks].sort()];
  const counts = new Map<string, number>();
  for (let i = 0; i < Math.min(first.length, second.length, 200); i++) {
    const key = JSON.stringify(suffixesOf(first[i], second[i]));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  const [imageSuffix, maskSuffix] = best ? (JSON.parse(best[0]) as [string, string]) : ["", ""];
  return { imageSuffix, maskSuffix };
}

/** `a_mri` and `a_mask` differ from the last separator on that they share. */
function suffixesOf(image: string, mask: string): [string, string] {
  let common = 0;
  while (common < image.length && common < mask.length && image[common] === mask[common]) common++;
  while (common > 0 && !(isOpen(image.slice(common)) && isOpen(mask.slice(common)))) common--;
  return [image.slice(common), mask.slice(common)];
}
