import { canonicalJson, type Json } from "../../core/hash";
import { numbersOf } from "../../records/numbers";
import type { RunRecord } from "../../records/schema";

/** What a recomputed record says of the released one. */
export interface Recomputed {
  /** `rounds 1 to 2`, `whole`. */
  readonly what: string;
  readonly equal: boolean;
  /** The largest difference of a loss or of a Dice coefficient; infinite where one side has a number that the other lacks. */
  readonly worst: number;
}

/** Compares what a short run has of a record: the rounds that both have. */
export function compareRounds(released: RunRecord, again: RunRecord): Recomputed {
  if (released.kind !== "federation" || again.kind !== "federation") return compareWhole(released, again);
  const rounds = Math.min(released.rounds.length, again.rounds.length);
  const [a, b] = [released, again].map((record) => ({ rounds: record.rounds.slice(0, rounds) }));
  return { what: `rounds 1 to ${rounds}`, ...compare([a, curves(released, rounds)], [b, curves(again, rounds)]) };
}

/** Compares every number and the hashes of the models; not by what or when they were computed. */
export function compareWhole(released: RunRecord, again: RunRecord): Recomputed {
  return { what: "whole", ...compare([numbersOf(released), curves(released)], [numbersOf(again), curves(again)]) };
}

/** Losses and Dice coefficients: what changes by little where arithmetic does. Distances jump with a pixel, and hashes with a bit. */
function curves(record: RunRecord, rounds?: number): number[][] {
  return record.kind === "federation"
    ? record.rounds
        .slice(0, rounds)
        .map(({ loss, personalDice, globalDice }) =>
          [loss, personalDice, globalDice].flat().flatMap((value) => value ?? []),
        )
    : record.epochs.map(({ cases }) => cases.map(({ dice }) => dice));
}

type Side = readonly [all: unknown, curves: number[][]];

function compare([a, left]: Side, [b, right]: Side): { equal: boolean; worst: number } {
  const equal = canonicalJson(a as Json) === canonicalJson(b as Json);
  const [x, y] = [left.flat(), right.flat()];
  const worst = x.length === y.length ? Math.max(0, ...x.map((value, index) => Math.abs(value - y[index]))) : Infinity;
  return { equal, worst };
}
