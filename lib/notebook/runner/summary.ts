import { relative } from "node:path";
import { textColumns } from "../../report/text-columns";
import type { NotebookOutcome } from "./run-notebooks";

/** The outcomes as a table of text, the failures below it with their tracebacks; ends with `N passed, M failed`. */
export function summarise(outcomes: readonly NotebookOutcome[]): string {
  const rows = outcomes.map(({ name, passed, cells, seconds }) => {
    const slowest = cells.reduce((worst, cell) => (cell.seconds > worst.seconds ? cell : worst), {
      cell: 0,
      seconds: 0,
    });
    return [
      passed ? "passed" : "FAILED",
      name,
      `${cells.length} cells`,
      `${seconds.toFixed(1)} s`,
      `slowest: cell ${slowest.cell}, ${slowest.seconds.toFixed(1)} s`,
    ];
  });
  const table = textColumns(rows, (column) => column === 2 || column === 3);
  const failures = outcomes.flatMap(({ name, failure, copy }) =>
    failure
      ? [
          "",
          `${name}: ${failure.message}`,
          ...failure.traceback.map((line) => `  ${line}`),
          `  (${failure.kind}; executed copy: ${relative(process.cwd(), copy)})`,
        ]
      : [],
  );
  const failed = outcomes.filter(({ passed }) => !passed).length;
  return [...table, ...failures, "", `${outcomes.length - failed} passed, ${failed} failed`].join("\n");
}
