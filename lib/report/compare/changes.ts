import { canonicalJson, type Json } from "../../core/hash";
import type { FoundRecord } from "../../records/found";
import { labelOf } from "../cases";
import { distinct, groupBy } from "../strata";
import type { Pair } from "./pairs";

/** What differs between two sides beside their numbers. */
export interface Change {
  /** A setting by its path (`config.training.rounds`), or a part of the numerics or of the provenance. */
  readonly what: string;
  readonly a: string;
  readonly b: string;
  /** The methods concerned, unless all are. */
  readonly methods: readonly string[];
}

/** @returns every setting, part of the numerics and circumstance in which paired runs differ, each once */
export function changesOf(pairs: readonly Pair[]): Change[] {
  const all = distinct(pairs.map(({ a }) => labelOf(a.record)));
  const found = pairs.flatMap(({ a, b }) => {
    const [before, after] = [factsOf(a), factsOf(b)];
    return distinct([...before.keys(), ...after.keys()]).flatMap((what) => {
      const [one, two] = [before.get(what) ?? "nothing", after.get(what) ?? "nothing"];
      return one === two ? [] : [{ what, a: one, b: two, method: labelOf(a.record) }];
    });
  });
  return groupBy(found, ({ what, a, b }) => JSON.stringify([what, a, b])).map((of) => {
    const { what, a, b } = of[0];
    const methods = distinct(of.map(({ method }) => method));
    return { what, a, b, methods: methods.length === all.length ? [] : methods };
  });
}

/** Everything about a run that is no result of it, by path. What a clock or a meter says is different every time, and left out. */
function factsOf({ record, provenance }: FoundRecord): Map<string, string> {
  const { profile, seed, params, config, numerics } = record;
  const facts = { profile, seed, params, config, numerics };
  const made = provenance && {
    commit: provenance.commit,
    engine: provenance.engine,
    node: provenance.node,
    platform: provenance.platform,
    processor: provenance.processor,
  };
  return new Map([...leaves(facts as Json, []), ...(made ? leaves({ made } as unknown as Json, []) : [])]);
}

function leaves(value: Json, path: readonly string[]): [string, string][] {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return [[path.join("."), typeof value === "string" ? value : canonicalJson(value)]];
  return Object.entries(value).flatMap(([key, of]) => (of === undefined ? [] : leaves(of, [...path, key])));
}
