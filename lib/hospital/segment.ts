import type { Tensor4D } from "@tensorflow/tfjs-core";
import { Interrupted, WorkbenchError } from "../core/errors";
import { sha256 } from "../core/hash";
import { createRandom } from "../core/random";
import { joinSets } from "../data/set/slice-sets";
import { openSource, type FileSource } from "../data/set/source";
import type { SliceSet } from "../data/set/types";
import { openAdapter, type OpenAdapter } from "../federation/evaluate/adaptation";
import { finiteLogits, inferenceBatch, predictMasks, visitImages } from "../federation/evaluate/evaluation";
import { adaptationOf, trainingOf } from "../methods/registry";
import { createPredictor } from "../nets/run/predictor";
import { seeSlice, type SeenSlice } from "./certainty";
import { beforeOf, finishImage, type Before, type StreamedImage } from "./finish-image";
import { imageKindOf } from "./kinds";
import { openOwnFolder, type OwnFolder } from "./own-folder";
import type { MethodWish, NamedImage, SegmentRequest } from "./request";
import { writeTelemetry } from "./results";

export interface SegmentHooks {
  readonly signal?: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Says in a line why a mask could not be written; the others go on. */
  readonly warn: (line: string) => void;
}

type Predict = Pick<OpenAdapter, "predict">;

/** Images one behind the other: an adaptation's batches go across their borders, as in an experiment. */
interface Stream {
  readonly set: SliceSet;
  readonly images: readonly StreamedImage[];
}

/**
 * Segments images, on the engine that has been started: first as the global model does, then in the method's passes over all of them; each
 * mask of the last pass is written as soon as its slices are predicted. Without a method the one model predicts, image by image. No label is
 * read at any time. Leaves no tensors behind.
 * @throws Diverged when the method loses its way, Interrupted when the signal is aborted, WorkbenchError when an image has changed
 */
export async function segment(request: SegmentRequest, hooks: SegmentHooks): Promise<void> {
  const source = openSource(request.images);
  const out = openOwnFolder(request.out);
  const predictor = createPredictor(request.shape, request.global);
  const model: Predict = { predict: async (images) => predictor.predict(images) };
  try {
    if (request.method) return await adapt(request, request.method, model, openStream(request, source), out, hooks);
    const missing = request.names.filter(({ finished }) => !finished);
    for (const [index, image] of missing.entries()) {
      const stream = openStream({ ...request, names: [image] }, source);
      await pass(request, stream, inferenceBatch, model, hooks, {
        onImage: (of, seen) => finishImage(request, out, stream.images[of], seen, undefined, hooks.warn),
      });
      hooks.onProgress(index + 1, missing.length);
    }
  } finally {
    predictor.dispose();
  }
}

async function adapt(
  request: SegmentRequest,
  method: MethodWish,
  model: Predict,
  stream: Stream,
  out: OwnFolder,
  hooks: SegmentHooks,
): Promise<void> {
  const { shape, global, personal, task } = request;
  const random = createRandom(`${task}/${method.seed}`).child("adaptation").child("hospital");
  const { params, epochs, batch } = method;
  const adapter = openAdapter({
    method: adaptationOf(method.id),
    ...{ params, epochs, random },
    bank: { shape, personal, global },
  });
  const total = Math.ceil(stream.set.count / inferenceBatch) + adapter.epochs * Math.ceil(stream.set.count / batch);
  let done = 0;
  const onBatch = () => hooks.onProgress(++done, total);
  const befores: Before[] = [];
  try {
    await pass(request, stream, inferenceBatch, model, hooks, {
      onBatch,
      onImage: (_, seen) => befores.push(beforeOf(seen)),
    });
    const look = () => adapter.before((see) => visitImages(stream.set, batch, see, () => turn(hooks), lensOf(request)));
    for (let epoch = 1; epoch < adapter.epochs; epoch++) {
      await look();
      await pass(request, stream, batch, adapter, hooks, { onBatch });
      adapter.telemetry();
    }
    await look();
    await pass(request, stream, batch, adapter, hooks, {
      onBatch,
      onImage: (of, seen) => finishImage(request, out, stream.images[of], seen, befores[of], hooks.warn),
    });
    writeTelemetry(out, request.run, adapter.telemetry());
  } finally {
    adapter.dispose();
  }
}

/** Reads the images. @throws WorkbenchError when one is not what it was when the command began */
function openStream({ names, kind: rules, shape, wish }: SegmentRequest, source: FileSource): Stream {
  const kind = imageKindOf(rules);
  const sets: SliceSet[] = [];
  const images = names.map((named: NamedImage): StreamedImage => {
    const bytes = source.read(named.name);
    if (sha256(bytes) !== named.sha256)
      throw new WorkbenchError(`${named.name} changed while the command ran`, "run the command again");
    const { slices, ...image } = kind.open(bytes, named.name, shape.classes, wish);
    sets.push(slices);
    return { ...named, ...image, count: slices.count };
  });
  return { set: joinSets("", sets), images };
}

interface PassHooks {
  readonly onBatch?: () => void;
  /** Takes an image's slices once all of them are predicted. */
  readonly onImage?: (index: number, seen: readonly SeenSlice[]) => void;
}

/** One pass over all slices, batch by batch. */
async function pass(
  request: SegmentRequest,
  { set, images }: Stream,
  batch: number,
  model: Predict,
  hooks: SegmentHooks,
  { onBatch, onImage }: PassHooks,
): Promise<void> {
  const { shape } = request;
  const area = set.height * set.width * shape.classes;
  let [waiting, index]: [SeenSlice[], number] = [[], 0];
  const predict = async (batchOfImages: Tensor4D): Promise<Tensor4D> => {
    const logits = await finiteLogits(await model.predict(batchOfImages));
    const values = onImage ? ((await logits.data()) as Float32Array) : new Float32Array();
    for (let start = 0; start < values.length; start += area)
      waiting.push(seeSlice(values.subarray(start, start + area), shape.classes));
    return logits;
  };
  const afterBatch = async (): Promise<void> => {
    for (; onImage && index < images.length && waiting.length >= images[index].count; index++) {
      onImage(index, waiting.slice(0, images[index].count));
      waiting = waiting.slice(images[index].count);
    }
    onBatch?.();
    await turn(hooks);
  };
  await predictMasks(set, batch, predict, afterBatch, lensOf(request));
}

/** How the models see images. */
const lensOf = ({ trained, global }: SegmentRequest) =>
  trained && trainingOf(trained.method).sees?.(global, trained.params);

/** Lets messages and interrupts be heard. */
async function turn({ signal }: SegmentHooks): Promise<void> {
  await new Promise(setImmediate);
  if (signal?.aborted) throw new Interrupted("the segmentation");
}
