import { readExperiment, readTask, recordsOf } from "../records/config";
import { readReleased } from "../records/release/released";
import { figuresOf } from "../report/figures-of";
import { htmlTable } from "../report/html";
import { tablesOf } from "../report/tables-of";
import { textTable } from "../report/text-table";
import { createBundle } from "./bundle";
import { figure } from "./figure";
import { markdown } from "./markdown";
import { send, show } from "./show";

/**
 * Shows the tables of an experiment's committed results at a size that a cell should not compute; where nothing is committed, the command
 * that makes it.
 * @param id of a file in configs/experiments
 * @param options.figures shows its figures too
 * @throws WorkbenchError when an id is unknown (with those that are known), or a release was changed
 */
export async function released(
  id: string,
  { profile = "phantom", figures = false }: { readonly profile?: string; readonly figures?: boolean } = {},
): Promise<void> {
  const experiment = readExperiment(id);
  const found = [...readReleased(profile, recordsOf(experiment)).records.values()];
  if (found.length === 0) {
    const command = `npx iopfl run ${id} --profile ${profile}`;
    return send(
      markdown(`*No results of \`${id}\` at the profile \`${profile}\` are committed yet; \`${command}\` makes them.*`),
    );
  }
  send(markdown(`*${id}: ${found.length} committed records of the profile \`${profile}\`.*`));
  const task = readTask(experiment.task);
  for (const drawn of tablesOf(experiment, task, found))
    send(createBundle({ "text/html": htmlTable(drawn), "text/plain": textTable(drawn) }));
  if (!figures) return;
  const specs = figuresOf(
    experiment,
    task,
    found.map(({ record }) => record),
  );
  for (const spec of specs) await show(figure(spec));
}
