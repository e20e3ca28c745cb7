import type { ImageSet } from "../set/image-set";
import { imageSets } from "../sets/image-sets";
import { ownSet } from "../sets/own/set";
import type { Task } from "./task";

/** The images of a task: of a published set by its rules in code, of one's own by those of its file. */
export function imageSetOf(task: Task): ImageSet {
  const { structures } = task;
  const set = setOf(task);
  return structures ? { ...set, slices: (...given) => ({ ...set.slices(...given), structures }) } : set;
}

function setOf({ id, set, sites, labels = [], inChannels, own }: Task): ImageSet {
  if (set !== "own") return imageSets[set];
  if (!own) throw new TypeError(`task ${id} has no rules`);
  return ownSet(id, sites, { labels, inChannels, own });
}
