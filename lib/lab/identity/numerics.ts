import { hashOf, type Json } from "../../core/hash";
import { arithmeticOf, type EngineName } from "../../engine";
import type { Numerics } from "../../records/schema";
import type { CodeHasher, MethodKind } from "./code-hash";

/** Answers what computes a method's jobs, for all jobs of a plan. */
export type NumericsOf = (kind: MethodKind, method: string) => Numerics;

interface NumericsOptions {
  readonly engine: EngineName;
  readonly data: string;
  readonly code: CodeHasher;
  /** Default: what this machine's engine computes with. */
  readonly arithmetic?: string;
}

export function createNumerics({ engine, data, code, arithmetic = arithmeticOf(engine) }: NumericsOptions): NumericsOf {
  return (kind, method) => ({ engine, arithmetic, code: code.of(kind, method, engine), data });
}

/** @returns the id of a job: records of equal ids hold equal numbers. @param after those of the job whose models it takes */
export function jobId(question: string, numerics: Numerics, after?: string): string {
  return hashOf({ question, numerics, after } as unknown as Json).slice(0, 16);
}

/** @returns in a line in what two numerics differ, most telling first; nothing where they do not */
export function differenceOf(a: Numerics, b: Numerics): string | undefined {
  const names = { engine: "engine", arithmetic: "arithmetic", data: "data", code: "code" } as const;
  const different = Object.entries(names).filter(([key]) => a[key as keyof Numerics] !== b[key as keyof Numerics]);
  return different.length > 0 ? different.map(([, name]) => name).join(", ") : undefined;
}
