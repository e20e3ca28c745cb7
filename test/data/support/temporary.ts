import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs with an empty folder, which is removed afterwards. */
export function withFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "iop-fl-data-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
