import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const packages = ["vega", "vega-lite", "vega-interpreter"];

/**
 * What draws figures in the page, as its packages publish it. It asks for nothing: rows are in the page. Expressions are interpreted, not
 * compiled, so that the page need not allow what is made of text to run.
 */
export const drawingScripts = (): string[] =>
  packages.map((name) => readFileSync(createRequire(__filename).resolve(`${name}/build/${name}.min.js`), "utf8"));

/**
 * A button below each figure draws it in place of its still, and puts the still back. Print has the stills. Sources are packed
 * by `lib/report/draw-once.ts`, their rows by `compact-rows.ts`.
 */
export const liveScript = `
"use strict";
const unpacked = (source) => {
  const text = source.dataset.of ? document.getElementById(source.dataset.of).textContent : source.textContent;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).text();
};
for (const source of document.querySelectorAll("script.live")) {
  const figure = source.closest("figure");
  const still = figure.querySelector("svg");
  const place = still.parentElement;
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "explore", textContent: "Explore", ariaPressed: "false",
  });
  const hint = Object.assign(document.createElement("p"), { className: "soft", hidden: true });
  let usual = "";
  const told = (value) => Object.entries(value)
    .filter(([field]) => !field.startsWith("_"))
    .map(([field, of]) => field.replace(/^mean_/, "mean ") + " " + (Number.isFinite(of) ? Number(of.toPrecision(4)) : of))
    .join(", ");
  const live = Object.assign(document.createElement("div"), { hidden: true, className: "drawing" });
  place.append(live);
  figure.append(button, hint);
  let drawn;
  const draw = async () => {
    const { spec, rows, hint: says } = JSON.parse(await unpacked(source));
    usual = hint.textContent = says;
    const named = (field, value) => (rows.words[field] && typeof value === "number" ? rows.words[field][value] : value);
    const values = rows.rows.map((row) =>
      Object.fromEntries(rows.fields.flatMap((field, at) => (row[at] === null ? [] : [[field, named(field, row[at])]]))));
    const compiled = vegaLite.compile({ ...spec, data: { values } }, { logger: vega.logger(vega.None) }).spec;
    return new vega.View(vega.parse(compiled, null, { ast: true }), {
      expr: vega.expressionInterpreter, renderer: "svg", container: live, hover: true,
      tooltip: (handler, event, item, value) => (hint.textContent = value ? told(value) : usual),
      description: still.getAttribute("aria-label"),
    }).runAsync();
  };
  const show = (alive) => {
    button.ariaPressed = String(alive);
    live.hidden = !alive;
    hint.hidden = !alive;
    hint.textContent = usual;
    still.style.display = alive ? "none" : "";
  };
  button.addEventListener("click", async () => {
    const alive = live.hidden;
    show(alive);
    if (alive && !drawn) await (drawn = draw());
  });
  addEventListener("beforeprint", () => show(false));
}
`;
