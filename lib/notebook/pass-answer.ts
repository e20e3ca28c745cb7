import { mean } from "../core/mean";
import type { Bundle } from "./bundle";
import { inMarkdown, markdown } from "./markdown";
import type { PassPoint } from "./pass-curves";

/**
 * What learning at test time did to Dice, in sentences made from the points: before it, after the first pass and after the last, beside the
 * method that learns nothing.
 * @param points with those of pass 0 @param learning the method that learns @param still the one that does not
 */
export function passAnswer(points: readonly PassPoint[], learning: string, still: string): Bundle {
  const routed = points.filter(({ method }) => method === learning);
  const last = Math.max(...routed.map(({ pass }) => pass));
  const at = (pass: number) => routed.filter((point) => point.pass === pass);
  const level = (of: readonly PassPoint[]) => mean(of.map(({ dice }) => dice));
  const sites = new Set(routed.map(({ heldOut }) => heldOut)).size;
  const [start, end, base] = [level(at(0)), level(at(last)), level(points.filter(({ method }) => method === still))];
  return markdown(
    `**${inMarkdown(still)}** scores ${base.toFixed(3)} (Dice, mean of ${sites} held-out ${sites === 1 ? "site" : "sites"}). ` +
      `**${inMarkdown(learning)}** scores ${start.toFixed(3)} before anything is learnt, ${level(at(1)).toFixed(3)} after the first pass and ` +
      `${end.toFixed(3)} after the last, pass ${last}: of the difference of ${signed(end - base)}, mixing the models as they are gives ` +
      `${signed(start - base)}, and learning the gates ${signed(end - start)}. ` +
      `From the first pass to the last Dice ${moved(at(1), at(last))}.`,
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

const signed = (value: number) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
