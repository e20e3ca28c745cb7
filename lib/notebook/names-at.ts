import { engineNames } from "../engine";
import { adaptations, trainings } from "../lab/plan/known-methods";
import { readTask } from "../records/config";
import { configIds } from "../records/paths";

/** What a text in quotes names, by what stands before it. */
const kinds = {
  experiment: { before: [/\bexperiment\(\s*$/], names: () => configIds("experiments") },
  task: { before: [/\b(dataset|measurements)\(\s*$/], names: () => configIds("tasks") },
  profile: { before: [/\bprofile\s*[:=]\s*$/], names: () => configIds("profiles") },
  engine: { before: [/\bengine\s*[:=]\s*$/], names: () => ["auto", ...engineNames] },
  method: {
    before: [/\bmethod\s*(:|[=!]==?)\s*$/, /\bmethods\s*:\s*\[[^\]]*$/, /\b(compareMethods|answer)\([^;]*,\s*$/],
    names: () => [...trainings, ...adaptations].map(({ id }) => id),
  },
  site: {
    before: [/\b(site|heldOut)\s*(:|[=!]==?)\s*$/, /\.(viewer|intensities)\(\s*$/],
    names: () => configIds("tasks").flatMap((task) => readTask(task).sites),
  },
} as const;

export interface NamesAt {
  readonly matches: readonly string[];
  /** Where what was typed of the name begins. */
  readonly start: number;
}

/**
 * The names of experiments, tasks, profiles, engines, methods or sites that can stand at a place of a cell: `experiment("in`.
 * @param before the cell up to the cursor @returns undefined where none of them is wanted
 */
export function namesAt(before: string): NamesAt | undefined {
  const open = /(?<!\\)["'`]([\w.-]*)$/.exec(before);
  if (!open) return undefined;
  const context = before.slice(0, open.index);
  const kind = Object.values(kinds).find((each) => each.before.some((pattern) => pattern.test(context)));
  if (!kind) return undefined;
  const matches = [...new Set<string>(kind.names())].filter((name) => name.startsWith(open[1]));
  return { matches, start: open.index + 1 };
}
