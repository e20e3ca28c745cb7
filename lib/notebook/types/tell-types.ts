import { WorkbenchError } from "../../core/errors";
import { checkTypes } from "./check-types";
import type { TypeFault } from "./type-fault";

/** How many faults are told; the others mostly follow from them. */
const mostTold = 5;
/** After how many milliseconds somebody who waits wants to know what for, and after how many they wait no more: it is a help and no gate. */
const patience = { told: 1500, over: 120_000 };

/** Checks lib/ in the background of an import cell; what does not fit is printed there. */
export async function tellTypes(): Promise<void> {
  const faults = await checkTypes();
  if (faults.length > 0)
    process.stderr.write(
      `${listed(faults)}\nnothing is trained until ${faults.length > 1 ? "they are" : "it is"} mended\n`,
    );
}

/**
 * Waits for the types of lib/ before work that would be lost: a misspelt property costs seconds here and minutes behind it.
 * @param signal aborted when nobody waits any more
 * @param check what is waited for, two minutes at most: on a busy machine it may take longer than what it would save
 * @throws WorkbenchError naming file, line and fault
 */
export async function assertTypes(
  signal: AbortSignal,
  log: (line: string) => void,
  { check = checkTypes, over = patience.over } = {},
): Promise<void> {
  const waiting = setTimeout(() => log("checking the types of lib/ before anything is trained"), patience.told);
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<never[]>((resolve) => {
    giveUp = setTimeout(() => {
      log(`the types of lib/ are not checked after ${Math.ceil(over / 1000)} s: training starts without`);
      resolve([]);
    }, over);
  });
  const faults = await Promise.race([check(), aborted(signal), late]).finally(() => {
    clearTimeout(waiting);
    clearTimeout(giveUp);
  });
  if (faults.length === 0) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more: run the import cell again to see them)` : "";
  throw new WorkbenchError(`${written(faults[0])}${more}`, "mend it and run the cell again; nothing was trained");
}

const written = ({ file, line, column, text }: TypeFault) => `${file}:${line}:${column} - ${text}`;

function listed(faults: readonly TypeFault[]): string {
  const lines = faults.slice(0, mostTold).map(written);
  return [...lines, ...(faults.length > mostTold ? [`and ${faults.length - mostTold} more`] : [])].join("\n");
}

const aborted = (signal: AbortSignal): Promise<never[]> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve([]);
    signal.addEventListener("abort", () => resolve([]), { once: true });
  });
