import { imageSetOf } from "../data/task/image-set";
import { readTask } from "./config";
import { configIds } from "./paths";

/** Words of a task in tables. */
export interface TaskWords {
  /** Of distances. */
  readonly unit: "mm" | "px";
  /** What is sought, where it is one thing. */
  readonly sought: string;
  /** What is scored apart, in the order in which it is told; nothing where that is the one thing sought. */
  readonly structures: readonly string[];
  /** Whether its images are a user's own, which no page shows. */
  readonly isOwn: boolean;
}

/** @returns the words of a task; undefined where records are of one that is no longer configured */
export function wordsOf(id: string): TaskWords | undefined {
  if (!configIds("tasks").includes(id)) return undefined;
  const task = readTask(id);
  const { labels = [] } = task;
  return {
    unit: imageSetOf(task).unit,
    sought: labels.length === 2 ? labels[1].name : "foreground",
    structures: (task.structures ?? labels.slice(1).map(({ name }) => ({ id: name }))).map(({ id }) => id),
    isOwn: task.set === "own",
  };
}
