import { existsSync, rmSync } from "node:fs";
import { printable, WorkbenchError } from "../../core/errors";
import { readStateFile } from "../../federation/store/state-file";
import { modelsPath } from "./job-parts";

/** @returns whether the final models of a federation are there and match their checksum: they are read whole for it */
export function hasWholeModels(federationId: string): boolean {
  return faultOf(federationId) === undefined;
}

/** Removes models that are not what they were, so that others can be written in their place, and says so in one line. */
export function dropDamagedModels({ id, name }: { readonly id: string; readonly name: string }): void {
  const path = modelsPath(id);
  const fault = faultOf(id);
  if (fault === undefined || !existsSync(path)) return;
  rmSync(path, { recursive: true, force: true });
  process.stderr.write(`${printable(`the models of ${name} are damaged (${fault}); they are made again`)}\n`);
}

function faultOf(federationId: string): string | undefined {
  try {
    return readStateFile(modelsPath(federationId)) === undefined ? "not there" : undefined;
  } catch (error) {
    if (error instanceof WorkbenchError) return error.problem;
    throw error;
  }
}
