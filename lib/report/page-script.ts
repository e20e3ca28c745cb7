/**
 * What the page's tables can do beside being read: sort by a column, filter rows, leave columns out. It makes elements and sets text,
 * never markup, and stores nothing; `lib/report/html.ts` allows it by its hash.
 */
export const pageScript = `
"use strict";
const make = (tag, fields, ...children) => {
  const element = Object.assign(document.createElement(tag), fields);
  element.append(...children);
  return element;
};
const numberOf = (text) => {
  const found = /^\\s*[-+]?\\d+(\\.\\d+)?/.exec(text);
  return found ? Number(found[0]) : undefined;
};
const compare = (a, b) => {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return y - x;
  if (x !== undefined || y !== undefined) return x === undefined ? 1 : -1;
  return a.localeCompare(b, "en");
};
const sortable = (table, rows) => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = make("button", { type: "button", title: "Sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const next = { none: "descending", descending: "ascending", ascending: "none" }[head.ariaSort || "none"];
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.ariaSort = next;
      const sorted = [...rows].sort((a, b) => compare(a.cells[column].textContent, b.cells[column].textContent));
      table.tBodies[0].append(...(next === "none" ? rows : next === "ascending" ? sorted.reverse() : sorted));
    });
  });
};
const filterable = (table, rows, name) => {
  const input = make("input", { type: "search", placeholder: "filter rows", ariaLabel: "Filter rows of " + name });
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  return input;
};
const choosable = (table) => {
  const chosen = make("details", { className: "columns" }, make("summary", {}, "columns"));
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (column === 0) return;
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => {
      for (const row of table.rows) row.cells[column].hidden = !box.checked;
    });
    chosen.append(make("label", {}, box, " " + head.textContent));
  });
  return chosen;
};
for (const table of document.querySelectorAll("main table")) {
  const rows = [...table.tBodies[0].rows];
  const place = table.closest(".scroll");
  if (!place || !table.tHead || 2 > rows.length) continue;
  const tools = make("div", { className: "tools" });
  if (rows.length > 7) tools.append(filterable(table, rows, place.ariaLabel));
  if (table.tHead.rows[0].cells.length > 5) tools.append(choosable(table));
  sortable(table, rows);
  if (tools.childNodes.length > 0) place.before(tools);
}
const openAt = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const around = target && target.closest("details");
  if (around && !around.open) {
    around.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", openAt);
openAt();
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open]):not(.columns)")];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => {
  for (const each of closed) each.open = false;
});
`;
