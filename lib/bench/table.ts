import type { GrowthResult, MemoryResult } from "./growth-result";
import { doesSameWork, type BenchResult, type CaseResult, type SideResult } from "./results";

const columns = ["case", "side", "median ms", "spread ms", "least ms", "cpu ms", "peak MB", "ratio", "target"] as const;

/** The results as a Markdown table with the machine above it. */
export function benchMarkdown(result: BenchResult): string {
  const { hardware: machine, engine, torch, commit, repetitions, finished, profile } = result;
  const rows = result.cases.flatMap(caseRows);
  const loads = result.cases.flatMap(({ load }) => load);
  const quiet = loads.length > 0 ? ` Load of the machine: ${Math.min(...loads)} to ${Math.max(...loads)}.` : "";
  return [
    `# Benchmark, engine ${engine}, profile ${profile}`,
    "",
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB, ${machine.platform}, Node.js ${machine.node}; PyTorch: ${torch}.`,
    `Commit ${commit}, ${finished.slice(0, 10)}. ${repetitions} repetitions of each side in turns, each side warm and in a process of its own.`,
    `Spread: between the quartiles.${quiet} Ratio: of the median to that of PyTorch (of an experiment, to one worker); below 1 is faster.`,
    "",
    `Made by \`npx iopfl bench${profile === "standard" ? "" : ` --profile ${profile}`}${engine === "tensorflow" ? "" : ` --engine ${engine}`}\`.`,
    "",
    ...(rows.length > 0 ? markdownTable(columns, rows) : []),
    "",
    ...(result.failed.length > 0 ? [`Could not be measured: ${result.failed.join("; ")}.`, ""] : []),
    ...(result.growth
      ? [
          "## How cost grows",
          "",
          ...markdownTable(growthColumns, growthRows(result.growth), 3),
          "",
          ...memoryLines(result.memory),
          "",
        ]
      : []),
  ].join("\n");
}

/** The same without Markdown, for the terminal. */
export function benchText({ cases, growth, memory }: Pick<BenchResult, "cases" | "growth" | "memory">): string {
  const parts = cases.length > 0 ? [textColumns([[...columns], ...cases.flatMap(caseRows)], 2)] : [];
  if (growth) parts.push(textColumns([[...growthColumns], ...growthRows(growth)], 3), ...memoryLines(memory));
  return parts.join("\n\n");
}

/** @param leftColumns how many columns stand to the left */
function textColumns(grid: readonly (readonly string[])[], leftColumns: number): string {
  const widths = grid[0].map((_, column) => Math.max(...grid.map((line) => line[column].length)));
  return grid
    .map((line) =>
      line
        .map((text, column) => (column < leftColumns ? text.padEnd(widths[column]) : text.padStart(widths[column])))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const growthColumns = ["time against", "sizes", "milliseconds", "exponent", "expected", "tensors"] as const;

function growthRows(growth: readonly GrowthResult[]): string[][] {
  return growth.map(({ over, sizes, milliseconds: times, exponent, band, within, tensorsFlat }) => [
    over,
    sizes.join(", "),
    times.map(milliseconds).join(", "),
    exponent.toFixed(2),
    `${band[0]} to ${band[1]}${within ? "" : ", OUTSIDE"}`,
    tensorsFlat ? "flat" : "GROW",
  ]);
}

function memoryLines(memory: MemoryResult | undefined): string[] {
  if (!memory) return [];
  const {
    rounds,
    residentMegabytes: megabytes,
    megabytesPerThousandRounds: slope,
    tensors,
    millisecondsPerRound,
  } = memory;
  return [
    `${rounds} rounds of a very small federation, ${millisecondsPerRound} ms each: ${megabytes[0]} MB after the first ones, ${megabytes[megabytes.length - 1]} MB at the end, ${slope} MB in a thousand rounds over the second half; live tensors: ${tensors.join(", ")}.`,
  ];
}

/** @returns the lines of a Markdown table: the first two columns to the left, numbers to the right */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  leftColumns = 2,
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column < leftColumns ? "---" : "---:"))), ...rows.map(line)];
}

/** What PyTorch has no counterpart of. */
const ours = ["experiment", "report", "kernel"];

function caseRows(result: CaseResult): string[][] {
  const { id, task, sides, target } = result;
  const missing = ours.includes(task) || sides.some(({ reference }) => reference) ? "" : "no torch";
  // A round is judged with all its processes at work, a step by itself.
  const own = sides.filter((side) => !side.id.startsWith("torch"));
  const judged = task === "round" ? own[own.length - 1] : own[0];
  return sides.map((side, index) => [
    index === 0 ? id : "",
    side.label,
    milliseconds(side.median),
    milliseconds(side.spread),
    milliseconds(side.smallest),
    side.cpu === null ? "" : milliseconds(side.cpu),
    side.peakMegabytes === null ? "" : String(Math.round(side.peakMegabytes)),
    side.reference ? "1" : side.ratio === null ? missing : side.ratio.toFixed(2),
    [side === judged ? verdict(side, target) : "", index === 0 && !doesSameWork(result) ? "DIFFERENT WORK" : ""]
      .filter(Boolean)
      .join("; "),
  ]);
}

/** What was aimed at, and whether it was reached. */
function verdict({ ratio, median, peakMegabytes }: SideResult, target: CaseResult["target"] = {}): string {
  const judge = (seen: number | null, most: number | undefined, unit: string): string[] =>
    most === undefined ? [] : [`${most}${unit}${seen === null ? "" : seen <= most ? ", met" : ", MISSED"}`];
  return [
    ...judge(ratio, target.ratio, ""),
    ...judge(median, target.milliseconds, " ms"),
    ...judge(peakMegabytes, target.peakMegabytes, " MB"),
  ].join("; ");
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 1000 ? value.toFixed(1) : value.toFixed(0);
}
