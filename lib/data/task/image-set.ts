import type { ImageSet } from "../set/image-set";
import type { Structure } from "../set/types";
import { imageSets } from "../sets/image-sets";
import { ownSet } from "../sets/own/set";
import { colourOf } from "./classes";
import type { Task } from "./task";

/** The images of a task: of a published set by its rules in code, of one's own by those of its file. */
export function imageSetOf(task: Task): ImageSet {
  const set = setOf(task);
  const structures = colouredStructures(task);
  return structures ? { ...set, slices: (...given) => ({ ...set.slices(...given), structures }) } : set;
}

/** Outlines of one's own classes tell them apart by colour; those of a union have that of its first class. */
function colouredStructures({ structures, labels = [], own }: Task): readonly Structure[] | undefined {
  if (!own) return structures;
  return structures?.map((each) => ({ ...each, colour: colourOf(labels[each.classes[0]], each.classes[0]) }));
}

function setOf({ id, set, sites, labels = [], inChannels, own }: Task): ImageSet {
  if (set !== "own") return imageSets[set];
  if (!own) throw new TypeError(`task ${id} has no rules`);
  return ownSet(id, sites, { labels, inChannels, own });
}
