import type { FoundCase } from "../set/plan";
import type { CaseLook } from "../sets/own/look";
import type { ClassRule } from "../task/classes";
import type { OwnRules } from "../task/own-schema";
import type { Task } from "../task/task";

/** A task of one's own. */
export type OwnTask = Task & { readonly own: OwnRules; readonly labels: readonly ClassRule[] };

/** A case that can be used. */
export interface CheckedCase extends CaseLook {
  readonly site: string;
  readonly id: string;
  /** Names of its files. */
  readonly files: Pick<FoundCase, "image" | "mask">;
  /** SHA-256 of its files. */
  readonly hashes: { readonly image: string; readonly mask: string };
  /** Voxels of each class. */
  readonly voxels: readonly number[];
  /** How many slices are used. */
  readonly slices: number;
  /** What is odd about it, one line each. */
  readonly notes: readonly string[];
}
