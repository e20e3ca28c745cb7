import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { projectConfig } from "../io/project-config";

/** The committed results' phantoms, frozen: the hash of each task's prepared data (`configs/frozen.yaml`). */
const frozen = projectConfig(
  "configs/frozen.yaml",
  z.strictObject({ profile: z.string(), data: z.record(z.string(), z.string().regex(/^[0-9a-f]{16}$/)) }),
);

/**
 * Committed results are all of the same data.
 * @param dataHash of the task's prepared data at that profile, as `prepareTask` gives it
 * @throws WorkbenchError when the profile's phantom is frozen and these are other data
 */
export function assertFrozen(profile: string, task: string, dataHash: string): void {
  const { profile: id, data } = frozen();
  const want = id === profile ? data[task] : undefined;
  if (want !== undefined && want !== dataHash)
    throw new WorkbenchError(
      `the ${task} phantom of the profile "${profile}" is frozen as ${want}, and this is ${dataHash}`,
      "undo what changed in configs/data or in the code that makes it, or copy the profile under an id of its own",
    );
}
