import type { EngineName } from "../../engine";
import type { FoundRecord } from "../../records/found";
import { certifiedName, type CertifiedMethod, type Check } from "../../records/release/certificate";
import { createCodeHasher } from "../identity/code-hash";
import { differenceOf } from "../identity/numerics";
import { changedFiles } from "./changed-files";
import type { Recomputed } from "./compare-records";
import { judge } from "./judge";

/** Gathers what recomputed records came to, and tells each in a line. */
export interface Collector {
  add(experiment: string, released: FoundRecord, again: FoundRecord, compared: Recomputed): void;
  /** By the methods' names in a certificate, sorted. */
  methods(): Record<string, CertifiedMethod>;
}

export function openCollector(log: (line: string) => void): Collector {
  const found = new Map<string, { code: string; checks: Check[] }>();
  return {
    add(experiment, released, again, compared) {
      const name = certifiedName(experiment, again.record);
      const outcome = judge(released.record, again.record, compared);
      const worst = Number.isFinite(compared.worst) ? compared.worst : null;
      const known = found.get(name) ?? { code: again.record.numerics.code, checks: [] };
      known.checks.push({ job: again.name, what: compared.what, outcome, worst });
      found.set(name, known);
      log(`${outcome === "different" ? "DIFFERENT" : outcome}: ${experiment}/${again.name}, ${compared.what}`);
      if (outcome === "different") log(`  ${causesOf(released, again)}`);
    },
    methods: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What may have moved the numbers: in what the numerics differ, and which files along the method's imports. */
function causesOf({ record, provenance }: FoundRecord, again: FoundRecord): string {
  const kind = record.kind === "federation" ? "train" : "adapt";
  const files = createCodeHasher().files(kind, record.method, again.record.numerics.engine as EngineName);
  const commit = provenance?.commit ?? "unknown";
  const changed = changedFiles(commit, [...files, "lib/engine/install/native"]);
  const what = differenceOf(record.numerics, again.record.numerics) ?? "nothing of the numerics";
  return `different: ${what}; changed since ${commit}: ${changed.length > 0 ? changed.join(", ") : "no file of its code"}`;
}
