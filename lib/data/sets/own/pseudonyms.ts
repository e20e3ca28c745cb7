import { sha256 } from "../../../core/hash";
import type { FoundCase } from "../../set/plan";

/**
 * Gives cases numbers in place of the names of their files: `case-007`. A site's numbers follow the order of hashes, so that they
 * tell nothing of the order of names.
 */
export function withPseudonyms(cases: readonly FoundCase[]): FoundCase[] {
  const numbers = new Map<FoundCase, number>();
  for (const site of new Set(cases.map((each) => each.site))) {
    const own = cases.filter((each) => each.site === site);
    const order = own
      .map((each) => ({ each, key: sha256(`${site}/${each.id}`) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    order.forEach(({ each }, place) => numbers.set(each, place + 1));
  }
  return cases.map((each) => ({ ...each, id: `case-${String(numbers.get(each)).padStart(3, "0")}` }));
}
