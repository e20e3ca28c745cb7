import { resolve } from "node:path";
import { projectRoot } from "./paths";
import type { Profile, Task } from "./config";

/**
 * A profile as a task meets it. A task of one's own has no phantom: whatever the profile's source, its images lie in a folder of
 * theirs, and what a phantom is made of asks nothing.
 */
export const profileOn = (task: Task, profile: Profile): Profile => ({ ...profile, data: dataOn(task, profile.data) });

/** The same of what a profile says of data. */
export function dataOn({ set }: Pick<Task, "set">, data: Profile["data"]): Profile["data"] {
  if (set !== "own") return data;
  const { seed, side, reading, split } = data;
  return { source: "own", seed, side, reading, casesPerSite: "real", slices: 12, ...(split && { split }) };
}

/** @returns where the images of a task lie on this machine, unless they are a phantom */
export const realFolder = ({ id, set, own }: Task, { source }: Profile["data"]): string =>
  set === "own" ? resolve(projectRoot, own?.folder ?? `dataset/${id}`) : resolve(projectRoot, source, set);
