import { readExperiment, readProfile, readTask } from "../records/config";
import { readRecords } from "../records/read";
import { controlsTable } from "../report/controls-table";
import { htmlTable } from "../report/html";
import { textTable } from "../report/text-table";
import { createBundle, type Bundle } from "./bundle";

/**
 * How hard a task's set is by the controls alone, beside what others measured on the real one: read from the records of `controls-<task>`, and
 * nothing is run. What has no record is a gap.
 * @throws WorkbenchError for an unknown task or profile
 */
export function referenceFigures(task: string, { profile }: { readonly profile: string }): Bundle {
  const { id } = readExperiment(`controls-${readTask(task).id}`);
  const found = readRecords(readProfile(profile).id, id).records.map(({ record }) => record);
  const drawn = controlsTable(readTask(task), found);
  const command = `npx iopfl run ${id} --profile ${profile}`;
  const note =
    found.length === 0 ? `not run at the profile ${profile} yet: ${command}` : `from records; ${command} made them`;
  const shown = { ...drawn, note: `${drawn.note}; ${note}` };
  return createBundle({ "text/html": htmlTable(shown), "text/plain": textTable(shown) });
}
