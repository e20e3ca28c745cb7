import { plainName } from "../../io/plain-name";

/** @returns a name from outside as a plain one: `Hôpital Nord (2)` becomes `Hôpital-Nord-2` @param otherwise where nothing is left */
function plain(name: string, otherwise: string): string {
  const kept = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}_.-]+/gu, "-")
    .slice(0, 64)
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  return plainName.safeParse(kept).success ? kept : otherwise;
}

/** The same of several, each once, whatever the case of their letters. */
export function plainNames(names: readonly string[], otherwise: string): string[] {
  const taken = new Set<string>();
  return names.map((name, place) => {
    const wanted = plain(name, `${otherwise}-${place + 1}`);
    const free = taken.has(wanted.toLowerCase()) ? `${wanted.slice(0, 56)}-${place + 1}` : wanted;
    taken.add(free.toLowerCase());
    return free;
  });
}
