import { printable } from "../../core/errors";
import { cellParts, type ResultTable } from "../table";

/** What TeX would obey, and signs that its fonts have by another name. */
const written: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  "%": "\\%",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "$<$",
  ">": "$>$",
  "|": "$|$",
  '"': "''",
  "–": "--",
  "“": "``",
  "”": "''",
  "±": "$\\pm$",
  "×": "$\\times$",
  "↑": "$\\uparrow$",
  "…": "\\ldots{}",
};

/** @returns text from outside for LaTeX: nothing in it is obeyed, and what the fonts lack is written out (`[U+4E2D]`) */
export function latexText(text: string): string {
  return Array.from(printable(text), (character) => {
    if (Object.hasOwn(written, character)) return written[character];
    if (/^[\x20-\x7eÀ-ÖØ-öø-ÿ]$/.test(character)) return character;
    return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;
  }).join("");
}

/** Columns beside which a table is drawn as wide as the text, and no wider. */
const narrow = 5;

/**
 * A table for LaTeX with booktabs (and graphicx, where it is wide): the best of each column in bold, the note beneath.
 * @param name of its label: `tab:<name>`
 */
export function latexTable({ title, note, columns, rows, remarks = [] }: ResultTable, name: string): string {
  const line = (cells: readonly string[]) => `${cells.join(" & ")} \\\\`;
  const drawn = rows.map(({ label, cells }) =>
    line([
      latexText(label),
      ...cells.map((cell) => {
        const { number, notes } = cellParts(cell);
        const text = latexText(number) + (notes === undefined ? "" : ` {\\scriptsize (${latexText(notes)})}`);
        if (cell.best) return `\\textbf{${text}}`;
        return cell.near ? `\\underline{${text}}` : text;
      }),
    ]),
  );
  const wide = columns.length > narrow;
  return [
    "\\begin{table}[htbp]",
    "\\centering",
    `\\caption{${latexText(title)}}`,
    `\\label{tab:${name}}`,
    ...(wide ? ["\\resizebox{\\textwidth}{!}{%"] : []),
    `\\begin{tabular}{l${"r".repeat(columns.length)}}`,
    "\\toprule",
    line(["", ...columns.map(latexText)]),
    "\\midrule",
    ...drawn,
    "\\bottomrule",
    `\\end{tabular}${wide ? "}" : ""}`,
    "",
    "\\smallskip",
    `\\parbox{\\textwidth}{\\footnotesize ${[note, ...remarks].map(latexText).join(". ")}.}`,
    "\\end{table}",
    "",
  ].join("\n");
}

/** A document that shows all tables. @param names of their files */
export const latexDocument = (names: readonly string[]): string =>
  [
    "% Shows every table: pdflatex tables.tex. In a paper of your own: \\usepackage{booktabs,graphicx} and \\input{<table>}.",
    "\\documentclass{article}",
    "\\usepackage[utf8]{inputenc}",
    "\\usepackage[T1]{fontenc}",
    "\\usepackage[margin=2cm]{geometry}",
    "\\usepackage{booktabs,graphicx}",
    "\\begin{document}",
    ...names.map((name) => `\\input{${name}}\n\\clearpage`),
    "\\end{document}",
    "",
  ].join("\n");
