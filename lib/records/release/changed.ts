import { WorkbenchError } from "../../core/errors";

/** @returns the error of a release that is not what its manifest says */
export const changed = (profile: string, what: string): WorkbenchError =>
  new WorkbenchError(
    `the release ${profile} was changed: ${what}`,
    `git checkout -- results/released/${profile} brings it back; npx iopfl release makes a new one`,
  );
