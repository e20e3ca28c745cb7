import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** Import this before anything of lib/lab: the test then works in a folder of its own, which is removed at the end. */
export const ownFolder = mkdtempSync(join(tmpdir(), "iopfl-lab-"));
process.env.IOPFL_WORK = join(ownFolder, "work");
process.env.IOPFL_RESULTS = join(ownFolder, "results");

after(() => rmSync(ownFolder, { recursive: true, force: true }));
