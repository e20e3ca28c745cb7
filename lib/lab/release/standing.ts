import { arithmeticOf, type EngineName } from "../../engine";
import type { FoundRecord } from "../../records/found";
import { readReleased } from "../../records/release/released";
import { certifiedMethod, certifiedName, readCertificates, type Certificate } from "../../records/release/certificate";
import { createCodeHasher, type CodeHasher } from "../identity/code-hash";

/** What can be said today of a released record. */
export interface Standing {
  readonly state: "proved" | "not proved" | "no longer holds";
  /** In a sentence, with the command that says more. */
  readonly text: string;
}

/** @returns answers for the records of a release, from its certificates and the code that lies here; nothing is computed */
export function openStandings(profile: string, code: CodeHasher = createCodeHasher()) {
  const certificates = readCertificates(profile);
  const certify = `npx iopfl certify ${profile}`;
  // It reads what is installed, which is the same for every record of a table.
  const arithmetics = new Map<string, string>();
  const arithmeticHere = (engine: string): string => {
    const known = arithmetics.get(engine) ?? arithmeticOf(engine as EngineName);
    arithmetics.set(engine, known);
    return known;
  };
  return (experiment: string, { record, provenance }: FoundRecord): Standing => {
    const name = certifiedName(experiment, record);
    const { numerics } = record;
    const kind = record.kind === "federation" ? "train" : "adapt";
    const today = (engine: string) => code.of(kind, record.method, engine as EngineName);
    const isOfToday = ({ engine, arithmetic, methods }: Certificate) =>
      methods[name]?.code === today(engine) && arithmetic === arithmeticHere(engine);
    const found = certificates.find(isOfToday);
    code.save();
    if (found) {
      const { checks } = found.methods[name];
      const bad = checks.find(({ outcome }) => outcome === "different");
      const when = `on ${found.date.slice(0, 10)}, engine ${found.engine}, commit ${found.commit}`;
      if (bad)
        return { state: "no longer holds", text: `no longer holds: ${bad.job} gave other numbers ${when}; ${certify}` };
      return { state: "proved", text: `proved for this code: ${checks.length} recomputed ${when}` };
    }
    const commit = provenance?.commit ?? "unknown";
    if (numerics.code === today(numerics.engine) && numerics.arithmetic === arithmeticHere(numerics.engine))
      return { state: "proved", text: `made by this very code, commit ${commit}` };
    return { state: "not proved", text: `made by commit ${commit}, not proved for today's code; ${certify}` };
  };
}

/** @returns in a line what stands and what does not, worst first */
export function standingLine(standings: readonly Standing[]): string {
  const of = (state: Standing["state"]) => standings.filter((each) => each.state === state);
  const [broken, open, proved] = [of("no longer holds"), of("not proved"), of("proved")];
  if (broken.length > 0) return `${broken.length} of ${standings.length} no longer hold; ${broken[0].text}`;
  if (open.length > 0) return `${open.length} of ${standings.length} ${open[0].text}`;
  return proved.length > 0 ? proved[0].text : "nothing is released";
}

/** @returns for the report: of the released methods of an experiment whether they stand today; those of which the same is to be said in one line */
export function standingLines(profile: string): (experiment: string) => string[] {
  const standing = openStandings(profile);
  return (experiment) => {
    const methods = new Map<string, Standing[]>();
    for (const found of readReleased(profile, experiment).records.values()) {
      const name = certifiedMethod(found.record);
      methods.set(name, [...(methods.get(name) ?? []), standing(experiment, found)]);
    }
    const lines = new Map<string, string[]>();
    for (const [name, standings] of methods) {
      const line = standingLine(standings);
      lines.set(line, [...(lines.get(line) ?? []), name]);
    }
    return [...lines].map(([line, names]) => `${names.length === 1 ? names[0] : told(names, methods.size)}: ${line}`);
  };
}

const told = (names: readonly string[], all: number): string =>
  names.length === all ? `all ${all} methods` : `${names.length} methods (${names.join(", ")})`;
