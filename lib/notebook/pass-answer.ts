import { mean } from "../core/mean";
import type { Bundle } from "./bundle";
import { markdown } from "./markdown";
import type { PassPoint } from "./pass-curves";

/**
 * What learning at test time did to Dice, in sentences made from the points: before it, after the first pass and after the last, beside the
 * method that learns nothing.
 * @param learning the method that learns @param still the one that does not
 */
export function passAnswer(points: readonly PassPoint[], learning: string, still: string): Bundle {
  const routed = points.filter(({ method }) => method === learning);
  const passes = routed.map(({ pass }) => pass);
  const [first, last] = [1, Math.max(...passes)];
  const at = (pass: number) => routed.filter((point) => point.pass === pass);
  const level = (of: readonly PassPoint[]) => mean(of.map(({ dice }) => dice)).toFixed(3);
  const sites = new Set(routed.map(({ heldOut }) => heldOut)).size;
  const start = at(0).length > 0 ? `${level(at(0))} before anything is learnt, ` : "";
  const others = points.filter(({ method }) => method === still);
  return markdown(
    `**${learning}** scores ${start}${level(at(first))} after the first pass and ${level(at(last))} after the last, pass ${last}; ` +
      `**${still}** scores ${level(others)} (Dice, mean of ${sites} held-out ${sites === 1 ? "site" : "sites"}). ` +
      `From the first pass to the last Dice ${moved(at(first), at(last))}.`,
  );
}

/** @returns `falls at 4 of 6 sites, by 0.021 on average over all` */
function moved(before: readonly PassPoint[], after: readonly PassPoint[]): string {
  const changes = before.flatMap(({ heldOut, dice }) => {
    const later = after.find((point) => point.heldOut === heldOut);
    return later ? [later.dice - dice] : [];
  });
  const average = mean(changes);
  const falls = average < 0;
  const count = changes.filter((change) => (falls ? change < 0 : change > 0)).length;
  return `${falls ? "falls" : "rises"} at ${count} of ${changes.length} sites, and by ${Math.abs(average).toFixed(3)} in their mean`;
}
