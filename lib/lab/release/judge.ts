import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { mean } from "../../core/mean";
import { projectRoot } from "../../records/paths";
import type { Check } from "../../records/release/certificate";
import type { RunRecord } from "../../records/schema";
import { scoredCases } from "../../records/scored-cases";
import type { Recomputed } from "./compare-records";

const schema = z.strictObject({
  /** How it was measured: the command. */
  measured: z.string(),
  /** The largest difference of a loss or Dice coefficient between two engines after so many rounds, over methods and clients. */
  rounds: z.array(z.number()).min(1),
  /** The same of one pass of adaptation, after as many rounds as a short run has. */
  adaptation: z.number(),
});
export type Tolerance = z.infer<typeof schema>;

/** What lies beyond the measured difference by so much comes of another cause. */
const room = 10;

export const tolerancePath = join(projectRoot, "configs", "verify", "tolerance.json");
const readTolerance = (): Tolerance => schema.parse(JSON.parse(readFileSync(tolerancePath, "utf8")));

/**
 * What a comparison says. Where engine, libraries and instructions are equal, so must be the bytes. Between engines float differences grow with the rounds, as
 * measured and committed; whole jobs have drifted apart by their end, and their mean Dice must lie within the 95 % interval of the released.
 */
export function judge(released: RunRecord, again: RunRecord, { equal, worst, what }: Recomputed): Check["outcome"] {
  if (equal) return "equal";
  const [a, b] = [released.numerics, again.numerics];
  if (a.engine === b.engine && platformOf(a.arithmetic) === platformOf(b.arithmetic)) return "different";
  const within = what === "whole" ? withinInterval(released, again) : worst <= room * measured(again);
  return within ? "within tolerance" : "different";
}

/** What is left of an arithmetic's name without the hash of our own C++, which is code like our TypeScript: an edit of it excuses no bit. */
const platformOf = (arithmetic: string): string => arithmetic.replace(/\baddon [0-9a-f]+/, "addon");

function measured(again: RunRecord): number {
  const { rounds, adaptation } = readTolerance();
  return again.kind === "adaptation" ? adaptation : rounds[Math.min(again.rounds.length, rounds.length) - 1];
}

function withinInterval(released: RunRecord, again: RunRecord): boolean {
  const [a, b] = [testDice(released), testDice(again)];
  if (a.length < 2 || a.length !== b.length) return false;
  const variance = a.reduce((sum, value) => sum + (value - mean(a)) ** 2, 0) / (a.length - 1);
  return Math.abs(mean(b) - mean(a)) <= 1.96 * Math.sqrt(variance / a.length);
}

const testDice = (record: RunRecord): number[] =>
  scoredCases(record).flatMap(({ cases }) => cases.map(({ dice }) => dice));
