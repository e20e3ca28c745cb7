import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { hashOf, type Json } from "../core/hash";
import { writeAtomic } from "../io/atomic";
import { sourcesHash } from "../records/sources";
import { workFolder } from "../records/paths";
import { caseResultSchema, type CaseResult } from "./results";

const schema = z.record(z.string(), z.strictObject({ key: z.string(), result: caseResultSchema }));

/** Cases of a run that was interrupted: measured again only when they, the code or the way of measuring has changed. */
export interface Partial {
  get(id: string): CaseResult | undefined;
  put(result: CaseResult): void;
  /** The run is complete: the next one measures everything anew. */
  forget(): void;
}

/** @param settings everything besides the code that results depend on */
export function openPartial(name: string, settings: Json): Partial {
  const path = join(workFolder, "bench", `${name}.partial.json`);
  const key = hashOf({ settings, code: sourcesHash(["lib"]) } as Json);
  const stored = existsSync(path) ? schema.safeParse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
  const results = stored?.success ? { ...stored.data } : {};
  return {
    get: (id) => (Object.hasOwn(results, id) && results[id].key === key ? results[id].result : undefined),
    put(result) {
      results[result.id] = { key, result };
      writeAtomic(path, JSON.stringify(results));
    },
    forget: () => rmSync(path, { force: true }),
  };
}
