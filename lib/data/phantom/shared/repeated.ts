import type { Random } from "../../../core/random";

/** The same draws but for those named `noise`: what a second image of a patient who keeps still shares with the first. */
export function repeated(random: Random, noise: string): Random {
  return { ...random, child: (label) => random.child(label === "noise" ? noise : label) };
}
