import { escapeHtml } from "../../core/escape-html";
import type { NotebookOutcome } from "./run-notebooks";

/** JUnit XML as CI systems read it: a suite for each notebook, a case for each cell that ran, called `[3]` as JupyterLab numbers it. */
export function junitXml(outcomes: readonly NotebookOutcome[]): string {
  const suites = outcomes.map(({ name, failure, cells, seconds }) => {
    const cases = cells.map(({ cell, seconds: time }) =>
      testCase(name, `[${cell}]`, time, failure?.cell === cell ? failure : undefined),
    );
    // What no executed cell is to blame for must still be a failed case.
    if (failure && !cells.some(({ cell }) => cell === failure.cell))
      cases.push(testCase(name, "notebook", seconds, failure));
    return `  <testsuite name="${escapeHtml(name)}" tests="${cases.length}" failures="${failure ? 1 : 0}" time="${seconds.toFixed(3)}">\n${cases.join("\n")}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

function testCase(notebook: string, name: string, seconds: number, failure: NotebookOutcome["failure"]): string {
  const head = `    <testcase classname="${escapeHtml(notebook)}" name="${escapeHtml(name)}" time="${seconds.toFixed(3)}"`;
  if (!failure) return `${head}/>`;
  const text = [failure.message, ...failure.traceback].join("\n");
  return `${head}><failure type="${failure.kind}" message="${escapeHtml(failure.message)}">${escapeHtml(text)}</failure></testcase>`;
}
