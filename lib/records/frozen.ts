import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { WorkbenchError } from "../core/errors";
import { projectConfig } from "../io/project-config";
import type { DataSummary } from "./dataset";

const summary = z.strictObject({
  dataHash: z.string().regex(/^[0-9a-f]{16}$/),
  slices: z.record(z.string(), z.int().positive()),
});

/** The committed results' phantoms, frozen: what each task's prepared data are (`configs/frozen.yaml`). */
const frozen = projectConfig(
  "configs/frozen.yaml",
  z.strictObject({ profile: z.string(), data: z.record(z.string(), summary) }),
);

/** @returns what a task's prepared data must be at a profile, where its phantom is frozen */
export function frozenData(profile: string, task: string): DataSummary | undefined {
  const { profile: id, data } = frozen();
  return id === profile ? data[task] : undefined;
}

/**
 * Committed results are all of the same data.
 * @param data of the task, as `prepareTask` gives them
 * @throws WorkbenchError when the profile's phantom is frozen and these are other data
 */
export function assertFrozen(profile: string, task: string, { dataHash, slices }: DataSummary): void {
  const want = frozenData(profile, task);
  if (want !== undefined && !isDeepStrictEqual(want, { dataHash, slices }))
    throw new WorkbenchError(
      `the ${task} phantom of the profile "${profile}" is frozen as ${described(want)}, and this is ${described({ dataHash, slices })}`,
      "undo what changed in configs/data or in the code that makes it, or copy the profile under an id of its own",
    );
}

const described = ({ dataHash, slices }: DataSummary): string =>
  `${dataHash}, ${Object.values(slices).reduce((sum, each) => sum + each, 0)} slices`;
