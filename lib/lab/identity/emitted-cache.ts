import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "typescript/package.json";
import { z } from "zod";
import { projectRoot } from "../../core/project-root";
import { hashOf, sha256, type Json } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { workFolder } from "../../records/paths";
import type { Emitted } from "./module-hash";

const schema = z.strictObject({
  /** Of the entries and of what they were made with: a file that says otherwise is not believed. */
  seal: z.string(),
  entries: z.record(z.string(), z.strictObject({ hash: z.string(), imports: z.array(z.string()) })),
});
type Entries = z.infer<typeof schema>["entries"];

const path = () => join(workFolder, "emitted.json");
const ruleFiles = ["emitted.ts", "types-only.ts"];
/** A new compiler or another rule gives other trees. Read once, as the code that runs was. */
const maker = hashOf([
  version,
  ...ruleFiles.map((file) => readFileSync(join(projectRoot, "lib", "lab", "identity", file), "utf8")),
]);
const sealOf = (entries: Entries) => hashOf([maker, entries] as unknown as Json);

/** Loads the compiler, which takes a fifth of a second, and notebooks as long to read its types: only where something is to be parsed. */
function parse(text: string): Emitted {
  const { emittedBy } = require("./emitted") as { emittedBy(text: string): Emitted };
  return emittedBy(text);
}

/** `emittedBy`, which takes milliseconds a module, with a memory on the disk that is found by the text. */
export interface EmittedCache {
  of(text: string): Emitted;
  /** Writes what is new, so that the next process need not parse it. */
  save(): void;
}

export function openEmittedCache(): EmittedCache {
  const entries = read();
  let changed = false;
  return {
    of(text) {
      const key = sha256(text);
      if (Object.hasOwn(entries, key)) return entries[key];
      const emitted = parse(text);
      entries[key] = { ...emitted, imports: [...emitted.imports] };
      changed = true;
      return emitted;
    },
    save() {
      if (!changed) return;
      changed = false;
      try {
        writeAtomic(path(), JSON.stringify({ seal: sealOf(entries), entries }));
      } catch {
        // Whoever cannot write there parses again.
      }
    },
  };
}

/** More than these are of code that is long gone. */
const most = 5000;

function read(): Entries {
  if (!existsSync(path())) return {};
  try {
    const { seal, entries } = schema.parse(JSON.parse(readFileSync(path(), "utf8")));
    return seal === sealOf(entries) && Object.keys(entries).length < most ? entries : {};
  } catch {
    return {};
  }
}
