import { escapeHtml } from "../core/escape-html";
import type { JudgedClaim } from "./judged-claims";
import type { PaperBeside } from "./paper/paper-tables";
import { distinct } from "./strata";
import { probabilityWords } from "./table";

/** What opens the page: the verdict on every claim of the paper, on one screen. @param shown experiments that the page has a part for */
export function answer(
  claims: readonly JudgedClaim[],
  paper: readonly PaperBeside[],
  shown: readonly string[],
): string {
  const reason = commonReason(claims);
  const items = claims.map((each) => claimItem(reason === undefined ? each : { ...each, why: undefined }, shown));
  const list =
    claims.length === 0 ? "" : `<p>${escapeHtml(summary(claims, reason))}</p><ul class="claims">${items.join("")}</ul>`;
  return `<section aria-labelledby="claims"><h2 id="claims">Did it reproduce?</h2>${list}${transcribed(paper)}</section>`;
}

/** Why none of the claims has a verdict, where that is the same for all. */
function commonReason(claims: readonly JudgedClaim[]): string | undefined {
  const [first, ...others] = distinct(claims.map(({ why }) => why));
  return others.length === 0 ? first : undefined;
}

/** What is said of one claim, and of several. */
const predicates = {
  holds: ["holds", "hold"],
  fails: ["fails", "fail"],
  undecided: ["is undecided", "are undecided"],
  "no verdict": ["has no verdict", "have no verdict"],
} as const;

/** How many claims have which verdict, in a sentence. */
function summary(claims: readonly JudgedClaim[], reason: string | undefined): string {
  const counts = Object.entries(predicates).flatMap(([verdict, [one, more]]) => {
    const count = claims.filter((each) => each.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? one : more}`];
  });
  return `Of ${claims.length} claims of the abstract ${counts.join(", ")}${reason === undefined ? "" : `: ${reason}`}.`;
}

function claimItem({ claim, verdict, why, found }: JudgedClaim, shown: readonly string[]): string {
  const numbers = found
    ? `${signed(found.difference)}${Number.isNaN(found.low) ? "" : ` [${signed(found.low)}, ${signed(found.high)}]`} Dice, p ${probabilityWords(found.p)}, ${found.n} cases`
    : (why ?? "");
  const link = shown.includes(claim.experiment)
    ? ` <a href="#${encodeURIComponent(claim.experiment)}">${escapeHtml(claim.experiment)}</a>`
    : "";
  return `<li><span class="verdict ${verdict.replace(" ", "-")}">${verdict}</span> ${escapeHtml(claim.statement)} <small>${escapeHtml(numbers)}${link}</small></li>`;
}

const signed = (value: number) => (value > 0 ? "+" : "") + value.toFixed(3);

/** How much of the paper's own tables there is to compare with. */
function transcribed(paper: readonly PaperBeside[]): string {
  if (paper.length === 0) return "";
  const cells = paper.reduce((sum, each) => sum + each.cells, 0);
  const known = paper.reduce((sum, each) => sum + each.transcribed, 0);
  const more = known > 0 ? ' <a href="#paper">The paper beside ours</a>.' : "";
  return `<p class="soft">Of the paper's tables ${known} of ${cells} numbers are transcribed; <code>npx iopfl paper check</code> says what is missing and how to fill it.${more}</p>`;
}
