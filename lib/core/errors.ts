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
    readonly mend: string,
  ) {
    super(mend ? `${problem}; ${mend}` : problem);
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

/** @returns the text a user should see for any thrown value. */
export function describeError(error: unknown): string {
  if (error instanceof WorkbenchError) return error.message;
  if (error instanceof Error) return error.stack ?? error.message;
  return String(error);
}
