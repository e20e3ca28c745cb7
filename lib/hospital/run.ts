import { printable, Interrupted, WorkbenchError } from "../core/errors";
import { hashOf, type Json } from "../core/hash";
import { hashState } from "../core/state";
import { colourOf } from "../data/task/classes";
import { arithmeticOf, type EngineChoice } from "../engine";
import { startWorker } from "../lab/execute/start-worker";
import { resolveEngine } from "../lab/plan/resolve-engine";
import { adaptationOf } from "../methods/registry";
import { sourcesHash } from "../records/sources";
import { join, resolve } from "node:path";
import { assertApart, assertFitTogether, checkImages, type Refusal, type UsableImage } from "./check-images";
import { distrust, sizeOf } from "./distrust";
import { imageKindOf, kindRules } from "./kinds";
import type { FoundModels } from "./models";
import type { Outcome } from "./outcome";
import { openOwnFolder, type OwnFolder } from "./own-folder";
import type { MethodWish, NamedImage, SegmentRequest } from "./request";
import { maskPlace, readCase, readTelemetry, type CaseResult } from "./results";
import { writePage } from "./write-page";

/** Images to segment, and with what. */
export interface HospitalRun {
  /** For a prediction the one model is `global`. */
  readonly models: FoundModels;
  readonly method?: MethodWish;
  readonly images: string;
  readonly out: string;
  readonly engine: EngineChoice;
  readonly signal?: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Takes lines: images that cannot be used, masks that cannot be written. */
  readonly log: (line: string) => void;
}

/** What a run came to, and what it had to do for it. */
export interface HospitalResult {
  readonly outcome: Outcome;
  /** Masks that were made now, and that were there already. */
  readonly made: number;
  readonly kept: number;
}

/** All code that a mask depends on. */
const codeFolders = [
  "core",
  "io",
  "data/set",
  "data/sets/own",
  "data/task",
  "engine",
  "nets",
  "methods",
  "federation",
  "hospital",
];

/**
 * Segments all images of a folder that can be used, and writes masks, contact sheet, page and record to another. What is finished and depends on
 * nothing that has changed is kept.
 * @throws WorkbenchError when nothing can be used, when the folder of results is not ours, or as `segment`
 */
export async function runHospital(run: HospitalRun): Promise<HospitalResult> {
  const { models, method, images, log } = run;
  const { task, shape, side, reading, orientations } = models;
  assertApart(images, run.out);
  const wish = { side, reading, orientations };
  const kind = kindRules(task);
  const checked = checkImages(images, imageKindOf(kind), shape.classes, wish, ({ problem }) => log(problem));
  if (method) assertFitTogether(checked.usable, side);
  const engine = await resolveEngine(run.engine);
  const out = openOwnFolder(run.out);
  const blocked = blockedOf(out, checked.usable, log);
  const base = baseOf(run, `${engine.name} ${arithmeticOf(engine.name)}`);
  const all = hashOf([base, checked.usable.map(({ name, sha256 }) => [name, sha256])] as Json).slice(0, 32);
  const named = checked.usable.map((image): NamedImage & { kept: boolean } => {
    const fingerprint = method ? all : hashOf([base, image.name, image.sha256] as Json).slice(0, 32);
    const kept = readCase(out, image.name, fingerprint) !== undefined;
    return { ...image, fingerprint, kept, finished: kept || blocked.some(({ name }) => name === image.name) };
  });
  const refused = [...checked.refused, ...blocked];
  if (named.some(({ finished }) => !finished)) {
    const request: SegmentRequest = {
      ...{ shape, wish, method, global: models.global, trained: models.trained, task: task.id, kind, run: all },
      personal: models.personal.map(({ state }) => state),
      ...{ images: resolve(images), names: named, out: resolve(run.out) },
    };
    await inWorker(request, engine.name, run);
  }
  const after = openOwnFolder(run.out); // the worker wrote into it
  const cases = named.flatMap(({ name, fingerprint }) => readCase(after, name, fingerprint) ?? []);
  const kept = named.filter((image) => image.kept).length;
  const outcome = outcomeOf(run, engine.name, cases, { ...checked, refused }, method ? readTelemetry(after, all) : {});
  if (cases.length > 0) writePage(after, images, outcome, models);
  return { outcome, made: cases.length - kept, kept };
}

/** Images whose masks would lie where something else is: they are left out of the writing alone. */
function blockedOf(out: OwnFolder, images: readonly UsableImage[], log: (line: string) => void): Refusal[] {
  return images.flatMap(({ name }): Refusal[] => {
    try {
      out.assertOwn(maskPlace(name));
      return [];
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      log(error.message);
      return [{ name, problem: error.message }];
    }
  });
}

/** Whatever decides masks beside the images. */
function baseOf({ models, method }: HospitalRun, computes: string): Json {
  const { global, personal, shape, side, reading, task, trained } = models;
  return {
    ...{ computes, side, reading, task: task.id, classes: shape.classes, kind: kindRules(task) as unknown as Json },
    code: sourcesHash(codeFolders.map((folder) => `lib/${folder}`)),
    models: [global, ...personal.map(({ state }) => state)].map(hashState),
    method: (method ?? null) as unknown as Json,
    trained: (trained ?? null) as unknown as Json,
  };
}

async function inWorker(
  request: SegmentRequest,
  engine: Awaited<ReturnType<typeof resolveEngine>>["name"],
  run: HospitalRun,
) {
  const { signal, onProgress, log } = run;
  const worker = await startWorker({ engine, signal, script: join(__dirname, "worker.ts") });
  try {
    const outcome = await worker.run({ type: "work", of: request, file: "" }, (message) => {
      if (message.type === "progress") onProgress(message.done, message.total);
      if (message.type === "warning") log(message.message);
      if (message.type === "output") log(printable(message.line));
    });
    if (signal?.aborted) throw new Interrupted("the segmentation");
    if (outcome.type === "failed") throw new WorkbenchError(outcome.message, "masks that were finished are kept");
  } finally {
    worker.stop();
  }
}

function outcomeOf(
  { models, method }: HospitalRun,
  engine: string,
  cases: readonly CaseResult[],
  { refused, leftOut }: { readonly refused: readonly Refusal[]; readonly leftOut: readonly string[] },
  telemetry: Outcome["telemetry"],
): Outcome {
  const { from, global, personal, shape, side, reading, task } = models;
  const kind = imageKindOf(kindRules(task));
  const hashes = [["global", hashState(global)], ...personal.map(({ name, state }) => [name, hashState(state)])];
  return {
    schema: 1,
    command: method ? "adapt" : "predict",
    task: task.id,
    ...(kind.labels && {
      classes: kind.labels.map((rule, place) => ({
        name: rule.name,
        ...(place > 0 && { colour: colourOf(rule, place) }),
      })),
    }),
    models: { from, sha256: Object.fromEntries(hashes) as Record<string, string> },
    ...(method && { method: { ...describe(method), params: method.params } }),
    network: { side, features: shape.features, reading },
    ...{ engine, way: kind.way(side), telemetry, refused, leftOut },
    images: cases.map((of) => ({ ...of, size: sizeOf(of), distrust: distrust(of, cases) })),
  };
}

const describe = ({ id, batch, epochs, seed }: MethodWish) => ({
  id,
  title: adaptationOf(id).title,
  passes: `batches of ${batch} slices, at most ${epochs} passes granted, seed ${seed}`,
});
