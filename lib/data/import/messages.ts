import type { ImageSetName } from "../sets/image-set-names";
import type { ImportOptions, ImportResult } from "./import-cases";
import type { FoundCase } from "../set/plan";

/** What one process imports. */
export interface ImportShare extends Omit<ImportOptions, "set" | "onProgress"> {
  readonly set: ImageSetName;
  /** Path of the folder or archive. */
  readonly from: string;
  readonly cases: readonly FoundCase[];
}

/** What such a process tells. */
export type FromImportWorker =
  | { readonly type: "progress" }
  | { readonly type: "done"; readonly result: ImportResult }
  | { readonly type: "failed"; readonly problem: string; readonly hint: string };
