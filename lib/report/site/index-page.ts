import { escapeHtml } from "../../core/escape-html";
import { plainPage } from "../html";

interface IndexParts {
  /** The profile of the report, and whether it is released. */
  readonly profile: string;
  readonly released: boolean;
  readonly notebooks: readonly { readonly name: string; readonly title: string }[];
}

/** The first page of the site. */
export function indexPage({ profile, released, notebooks }: IndexParts): string {
  const items = notebooks.map(
    ({ name, title }) => `<li><a href="notebooks/${encodeURIComponent(name)}.html">${escapeHtml(title)}</a></li>`,
  );
  const which = released
    ? `the released results of the profile <code>${escapeHtml(profile)}</code>`
    : `the profile <code>${escapeHtml(profile)}</code>: nothing is released yet`;
  return plainPage(
    "IOP-FL Workbench",
    `<h1>IOP-FL Workbench</h1><p class="lead">IOP-FL: Inside-Outside Personalization for Federated Medical Image Segmentation (Jiang, Yang, Cheng, Dou; IEEE TMI 2023), rerun in TypeScript.</p>
<h2>Did it reproduce?</h2><p><a href="report.html">The report</a>, of ${which}.</p>
<h2>Notebooks</h2>${items.length > 0 ? `<ul>${items.join("")}</ul>` : "<p>None was executed.</p>"}
<h2>Documentation</h2><p><a href="api/index.html">What notebooks and methods are written with</a>.</p>`,
  );
}
