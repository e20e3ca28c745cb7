import { availableParallelism } from "node:os";

/** Each process reads whole images, and the disk is one. */
const mostProcesses = 4;
/** Starting a process takes as long as reading a few cases. */
const casesForOne = 8;

/** How many processes read so many cases, unless that is `asked` for. */
export function processesFor(cases: readonly unknown[], asked?: number): number {
  const useful = Math.min(mostProcesses, availableParallelism(), Math.ceil(cases.length / casesForOne));
  return Math.min(asked ?? useful, cases.length);
}

/** Tells every tenth case on stderr, with the time left. @param start when the work began, as `Date.now()` */
export function progress(what: string, start: number): (done: number, total: number) => void {
  return (done, total) => {
    if (done % 10 !== 0 && done !== total) return;
    const left = ((Date.now() - start) / done) * (total - done);
    process.stderr.write(
      `${what}: ${done} of ${total} cases${done < total ? `, ${Math.ceil(left / 1000)} s left` : ""}\n`,
    );
  };
}
