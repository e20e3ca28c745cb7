import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** Import this before anything of lib/records: the test then has configurations of its own, which are removed at the end. */
export const ownConfigs = mkdtempSync(join(tmpdir(), "iopfl-configs-"));
process.env.IOPFL_CONFIGS = ownConfigs;
after(() => rmSync(ownConfigs, { recursive: true, force: true }));

/** @param path relative to configs */
export function writeConfig(path: string, text: string): void {
  mkdirSync(dirname(join(ownConfigs, path)), { recursive: true });
  writeFileSync(join(ownConfigs, path), text);
}
