import { escapeHtml } from "../../core/escape-html";
import { shownCases, type TaskCheck } from "../../data/check/check-task";
import type { OwnTask } from "../../data/check/checked";
import { siteColumns, siteLines } from "../../data/check/site-lines";
import { colourOf } from "../../data/task/classes";
import { contactSheet } from "../../io/contact-sheet";
import { htmlList, plainPage, scrolling } from "../../report/html";
import { htmlTableOf } from "../../report/html-table";

/** Of a federation of hundreds of sites the first are shown. */
const mostPanels = 24 * shownCases;

/** The page of a check: no script, no request, every name escaped. */
export function checkPage(task: OwnTask, { cases, faults, notes, panels }: TaskCheck): string {
  const lines = siteLines(task, cases);
  const table = htmlTableOf({
    caption: `${cases.length} cases that can be used`,
    columns: siteColumns,
    rows: lines.map((line) => siteColumns.map((column) => ({ text: line[column] }))),
    right: () => false,
    named: true,
  });
  const verdict =
    faults.length === 0 ? "Nothing stops a run." : `${faults.length} faults stop a run; each line says its mend.`;
  return plainPage(
    `Check of ${task.id}`,
    [
      `<h1>${escapeHtml(task.title)}: check of the images</h1>`,
      `<p class="${faults.length === 0 ? "lead" : "warning"}">${verdict}</p>`,
      htmlList(faults),
      scrolling("Sites", table, true),
      notes.length === 0 ? "" : `<h2>Unusual, and what is done about it</h2>${htmlList(notes)}`,
      pictures(task, panels),
    ].join("\n"),
  );
}

function pictures({ labels, structures }: OwnTask, panels: TaskCheck["panels"]): string {
  if (panels.length === 0) return "";
  const png = Buffer.from(contactSheet(panels.slice(0, mostPanels), { columns: shownCases })).toString("base64");
  const key = structures
    ? structures
        .map(({ id, classes: [first] }) => `${mark(colourOf(labels[first], first))} ${escapeHtml(id)}`)
        .join(", ")
    : `outline: ${escapeHtml(labels[1].name)}`;
  return `<h2>Some images of every site</h2><figure>${scrolling("Images", `<img alt="middle slices of the first cases of every site, with the outlines of their masks" src="data:image/png;base64,${png}">`)}<figcaption>The middle slice that is used of the first cases of every site. ${key}. This page holds images: keep it where they may lie.</figcaption></figure>`;
}

const mark = (colour: readonly number[]) => `<span style="color:rgb(${colour.join(",")})">&#9632;</span>`;
