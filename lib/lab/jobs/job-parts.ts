import { join } from "node:path";
import { WorkbenchError } from "../../core/errors";
import type { Diverged } from "../../core/diverged";
import { createRandom, type Random } from "../../core/random";
import type { SiteData } from "../../data/set/types";
import type { Spent } from "../../federation/store/checkpoint";
import type { FederationHooks, RoundRecord } from "../../federation/round/federation";
import type { UNetShape } from "../../nets/model/unet-layout";
import type { Divergence } from "../../records/schema";
import type { Job } from "../plan/jobs";
import { workFolder } from "../../records/paths";

export interface JobHooks {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, round?: RoundRecord) => void;
  readonly warn?: (message: string) => void;
  /** Counts what the job costs, also over several processes. */
  readonly clock?: JobClock;
  /** Who helps with clients at the moment; see `FederationHooks`. */
  readonly helpers?: FederationHooks["helpers"];
  /** Bytes of clients' states to hold in memory (default: see `openCheckpoint`). */
  readonly memory?: number;
}

export interface JobClock {
  /** Counts in what earlier processes spent on this job that were stopped or killed. */
  resume(earlier: Spent): void;
  /** Counts in what a process spends that helps this one. */
  add(cpuSeconds: number): void;
  spent(): Spent;
}

/** @returns where the final models of a federation lie: one global, one for each client. */
export const modelsPath = (federationId: string): string => join(workFolder, "models", `${federationId}.safetensors`);

/** @returns where a federation that is under way keeps its state; see `federation/checkpoint.ts` for the files at this place. */
export const checkpointPath = (federationId: string): string =>
  join(workFolder, "checkpoints", `${federationId}.safetensors`);

export function shapeOf({ task, profile }: Job): UNetShape {
  return { inChannels: task.inChannels, classes: task.classes, features: profile.net.features };
}

/** Initial weights and the order of batches depend on the task and the seed alone: they are the same for every method. */
export function randomOf({ task, seed }: Job): Random {
  return createRandom(`${task.id}/${seed}`);
}

export function siteOf(sites: ReadonlyMap<string, SiteData>, site: string): SiteData {
  const data = sites.get(site);
  if (!data) throw new WorkbenchError(`unknown site "${site}"`, `use one of ${[...sites.keys()].join(", ")}`);
  return data;
}

export function commonFields(job: Job) {
  const { id, question, numerics, experiment, profile, task, method, variant, seed } = job;
  const { data, net, training, adaptation } = profile;
  const config = job.kind === "federation" ? { data, net, training } : { data, net, training, adaptation };
  return {
    schema: 2 as const,
    id,
    question,
    numerics,
    experiment,
    profile: profile.id,
    task: task.id,
    method: method.id,
    variant,
    params: method.params,
    seed,
    config,
  };
}

/** What a record says of a job that lost its way. */
export function divergenceOf({ what, at }: Diverged, { method }: Job): Divergence {
  return { method: at?.method ?? method.id, client: at?.client, round: at?.round, problem: what };
}
