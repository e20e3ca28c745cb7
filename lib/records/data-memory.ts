import { totalmem } from "node:os";
import { quote, WorkbenchError } from "../core/errors";

const megabyte = 2 ** 20;
/** What a process takes at most where nobody says otherwise. */
const most = 1024 * megabyte;
/** Of the machine's memory, or of what a container may have of it: workers and the system need room as well. */
const share = 1 / 8;

/**
 * How much of the images a process holds in memory; beyond it they are read from the prepared files whenever a batch is drawn. Results do not
 * depend on it. IOPFL_DATA_MEMORY names another limit, in megabytes.
 * @returns bytes @throws WorkbenchError when that is no number of megabytes
 */
export function dataMemory({ IOPFL_DATA_MEMORY: given }: NodeJS.ProcessEnv = process.env): number {
  if (given !== undefined && given !== "") {
    if (/^\d{1,9}$/.test(given)) return Number(given) * megabyte;
    throw new WorkbenchError(`IOPFL_DATA_MEMORY is ${quote(given)}`, "give a number of megabytes, or leave it out");
  }
  const allowed = process.constrainedMemory() || Infinity; // 0 where there is no limit
  return Math.min(most, share * Math.min(totalmem(), allowed));
}
