import type { Evaluation } from "../../federation/client/client-work";
import type { RoundRecord } from "../../federation/round/federation";
import type { EngineName } from "../../engine";
import type { Job } from "../plan/jobs";

/** A client's part of a round of a federation that runs in another process; the work lies in a file, see `work-files.ts`. */
export interface WorkMessage<Federation> {
  readonly type: "work";
  readonly of: Federation;
  readonly file: string;
}

/** A job, and the folder of its data. */
export interface JobPlace {
  readonly job: Job;
  readonly folder: string;
}

/** What the experiment tells a worker. */
export type ToWorker =
  | {
      readonly type: "start";
      readonly engine: EngineName;
      readonly threads: number;
      /** Of a helper's work: removed at its end, should nobody else be left to do it. */ readonly exchange?: string;
    }
  | { readonly type: "job"; readonly job: Job; readonly folder: string }
  /** While a job runs: how many processes of its own it may start to help with clients. It is not answered. */
  | { readonly type: "helpers"; readonly job: string; readonly count: number }
  | WorkMessage<JobPlace>
  /** To predict once more what a finished job was scored on; see `run-prediction.ts`. */
  | { readonly type: "predict"; readonly job: Job; readonly site: string; readonly folder: string };

/** CPU time of one piece of work, and the most memory that the helper has had so far. */
export interface HelperSpent {
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

/** What ends a worker's part: it has started, or its job has ended one way or the other. */
export type Outcome =
  | { readonly type: "ready" }
  | { readonly type: "done"; readonly wallSeconds: number }
  /** Of a client's work; a trained client lies where its work lay. */
  | { readonly type: "trained"; readonly spent: HelperSpent }
  | { readonly type: "evaluated"; readonly evaluation: Evaluation; readonly spent: HelperSpent }
  | { readonly type: "failed"; readonly message: string; readonly interrupted: boolean; readonly died?: Death };

/** How a process ended before its work did: killed or given up for want of memory, as far as can be seen, or otherwise. */
export type Death = "memory" | "other";

/** What a worker tells the experiment. */
export type FromWorker =
  | Outcome
  | { readonly type: "progress"; readonly done: number; readonly total: number; readonly round?: RoundRecord }
  /** A client has been trained on one more batch. */
  | { readonly type: "batch" }
  | { readonly type: "warning"; readonly message: string }
  /** A line that its process wrote. */
  | { readonly type: "output"; readonly line: string };
