import type { ImageSetName } from "../sets/image-set-names";
import type { Structure } from "../set/types";
import type { ClassRule } from "./classes";
import { faultsOf, isPublished } from "./faults";
import { completeRules, type OwnRules } from "./own-schema";
import { written, type WrittenTask } from "./written";

/** A published set, whose rules are in code; `own`: they are data. */
export type TaskSet = ImageSetName | "own";

/** A task: sites whose images show the same, and what is sought in them. Whatever differs between tasks stands here. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly set: TaskSet;
  readonly sites: readonly string[];
  /** How many, the background among them. */
  readonly classes: number;
  readonly inChannels: number;
  /** Of each class, where they are named. */
  readonly labels?: readonly ClassRule[];
  /** What is scored, where it is not all that is no background together. */
  readonly structures?: readonly Structure[];
  /** The rules of a task of one's own. */
  readonly own?: OwnRules;
}

/** The files of configs/tasks. */
export const taskSchema = written
  .superRefine((task, context) => {
    for (const { path, message } of faultsOf(task)) context.addIssue({ code: "custom", path: [...path], message });
  })
  .transform(taskOf);

function taskOf(given: WrittenTask): Task {
  const { id, title, set = "prostate", sites, classes, structures, inChannels, ...rules } = given;
  const labels = typeof classes === "number" ? undefined : classes;
  const published = isPublished(given);
  const scored = labels && structuresOf(structures, labels, published);
  return {
    ...{ id, title, set: published ? set : "own", sites, inChannels },
    classes: typeof classes === "number" ? classes : classes.length,
    ...(labels && { labels }),
    ...(scored && { structures: scored }),
    ...(published ? {} : { own: completeRules(rules) }),
  };
}

/** A single thing is scored as what is no background; several each by itself. */
function structuresOf(
  given: WrittenTask["structures"],
  labels: readonly ClassRule[],
  published: boolean,
): readonly Structure[] | undefined {
  const placeOf = (name: string) => labels.findIndex((each) => each.name === name);
  if (given) return given.map(({ id, classes }) => ({ id, classes: classes.map(placeOf) }));
  if (published || labels.length === 2) return undefined;
  return labels.slice(1).map(({ name }, place) => ({ id: name, classes: [place + 1] }));
}
