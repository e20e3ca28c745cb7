/**
 * The one error that is shown to a user as a single line: what is wrong, the bad value, and the mend.
 * Anything else that is thrown is a defect of the workbench and keeps its stack.
 */
export class WorkbenchError extends Error {
  /**
   * @param problem what is wrong, naming the bad value: `unknown site "HKX"`
   * @param mend what to do about it: `use one of BIDMC, HK, ...`
   */
  constructor(
    readonly problem: string,
    readonly hint: string,
  ) {
    super(hint ? `${problem}; ${hint}` : problem);
    this.name = "WorkbenchError";
  }
}

/** Stopped by the user (Ctrl-C or a notebook's stop button): not a failure, but not a result either. */
export class Interrupted extends WorkbenchError {
  constructor(what: string) {
    super(`${what} was interrupted`, "run the same command again to go on; finished results were kept");
    this.name = "Interrupted";
  }
}

/** What the disk says when it cannot be written, and the mend. */
const diskFaults: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space and run the command again; finished results were kept",
  EDQUOT: "the disk quota is used up; free some space and run the command again; finished results were kept",
  EROFS: "the file system is read-only; make it writable and run the command again; finished results were kept",
  EACCES: "permission denied; make the folder writable",
};

/** @returns the text a user should see for any thrown value. */
export function describeError(error: unknown): string {
  if (error instanceof WorkbenchError) return error.message;
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  if (typeof code === "string" && code in diskFaults)
    return `cannot write${typeof path === "string" ? ` ${path}` : ""} (${code}): ${diskFaults[code]}`;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}
