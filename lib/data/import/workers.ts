import { fork } from "node:child_process";
import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import type { ImportResult } from "./import-cases";
import type { FromImportWorker, ImportShare } from "./messages";
import { loadTypescript } from "../../core/load-typescript";

/**
 * Imports with several processes, each of which takes every so-many-th case; the result is that of `importCases`, in the order of
 * the cases.
 * @throws WorkbenchError when the disk is full or a process ends early; what was imported stays, and the next import goes on from
 * there
 */
export async function importInParallel(
  whole: ImportShare,
  processes: number,
  onProgress?: (done: number, total: number) => void,
): Promise<ImportResult> {
  let done = 0;
  const shares = Array.from({ length: processes }, (_, place) =>
    whole.cases.filter((_, index) => index % processes === place),
  );
  const results = await Promise.all(
    shares.map((cases) => importShare({ ...whole, cases }, () => onProgress?.(++done, whole.cases.length))),
  );
  const order = new Map(whole.cases.map(({ site, id }, index) => [`${site}/${id}`, index]));
  const placeOf = (name: string) => order.get(name) ?? 0;
  return {
    cases: results
      .flatMap(({ cases }) => cases)
      .sort((a, b) => placeOf(`${a.site}/${a.id}`) - placeOf(`${b.site}/${b.id}`)),
    faults: results.flatMap(({ faults }) => faults).sort(),
    notes: results.flatMap(({ notes }) => notes).sort(),
  };
}

function importShare(share: ImportShare, onProgress: () => void): Promise<ImportResult> {
  const root = join(__dirname, "../../..");
  const child = fork(join(__dirname, "worker.ts"), [], { cwd: root, execArgv: [...loadTypescript] });
  return new Promise((resolve, reject) => {
    child.on("message", (message: FromImportWorker) => {
      if (message.type === "progress") onProgress();
      else if (message.type === "done") resolve(message.result);
      else reject(new WorkbenchError(message.problem, message.hint));
    });
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      reject(
        new WorkbenchError(
          `a process of the import ended early (${signal ?? code})`,
          "run the command again; it goes on where it was",
        ),
      ),
    );
    child.send(share);
  });
}
