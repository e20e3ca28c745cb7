import { describeError, WorkbenchError } from "../../core/errors";
import { imageSets } from "../sets/image-sets";
import { importCases } from "./import-cases";
import { openSource } from "../set/source";
import type { FromImportWorker, ImportShare } from "./messages";

// One process of a parallel import: it is sent its share of the cases, tells of each that is done, and sends what became of them.

/** A parent that was killed hears nothing: what was begun is finished in silence, and the process ends. */
const send = (message: FromImportWorker) => process.send?.(message, () => undefined);
/** The last word; the process ends when it has been heard. */
const conclude = (message: FromImportWorker) => process.send?.(message, () => process.disconnect());

process.on("message", ({ set, from, cases, ...options }: ImportShare) => {
  try {
    const onProgress = () => send({ type: "progress" });
    conclude({
      type: "done",
      result: importCases(cases, openSource(from), { ...options, set: imageSets[set], onProgress }),
    });
  } catch (error) {
    const known = error instanceof WorkbenchError;
    conclude({ type: "failed", problem: known ? error.problem : describeError(error), hint: known ? error.hint : "" });
  }
});
process.on("disconnect", () => process.exit());
