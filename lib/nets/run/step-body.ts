import * as tf from "@tensorflow/tfjs-core";
import { oneHotMasks } from "../model/losses";
import type { Model, Pass } from "../model/model";
import { namedTensors, type Parameters, type Selection } from "../model/parameters";
import { batchNormMomentum } from "../model/unet";
import type { Read } from "./program-inputs";
import type { GradientRequest, LabelledSight, Recipe, Sight } from "./recipe";

/** What is fixed about a slot, as its programs see it. */
export interface SlotParts<Seen extends Sight> {
  readonly model: Model;
  readonly trained: Selection;
  readonly fixed: Selection;
  readonly running: Selection;
  readonly recipe: Recipe<Seen>;
}

/** What a step's program returns beside weights and moments, known once its body has run. */
export interface StepFacts {
  /** The names of the terms of each loss, in the order of their values. */
  readonly terms: readonly (readonly string[])[];
  /** How many passes move the running statistics; with any, the moved ones are the last result. */
  readonly moves: number;
}

/** By program: a body that was recorded does not run again. */
export const stepFacts = new Map<string, StepFacts>();

const batchStatistics: Pass = { statistics: "batch" };

/** One-hot masks of the views that have some, by their names. */
type Truths = Readonly<Record<string, tf.Tensor4D | undefined>>;

/** A view of the batch at some weights; `seen` collects the statistics of the passes, which are kept. */
export function passesOf<Seen extends Sight>(
  parts: SlotParts<Seen>,
  vector: tf.Tensor1D,
  read: Read,
  view: string,
  truths: Truths = {},
  seen: tf.Tensor1D[] = [],
): { readonly sight: LabelledSight; readonly seen: tf.Tensor1D[] } {
  const { model, trained, fixed, running, recipe } = parts;
  const pass = recipe.pass?.body(read.inputs) ?? batchStatistics;
  const parameters = lazyParameters(
    () => [...namedTensors(vector, trained), ...namedTensors(read.at("rest"), fixed)],
    () => namedTensors(read.at("statistics"), running),
  );
  const { images } = read.views[view];
  const sight = {
    images,
    truth: truths[view] as tf.Tensor4D,
    elsewhere(other: string, by: tf.Tensor) {
      return passesOf(parts, tf.add(vector, by) as tf.Tensor1D, read, other, truths, seen).sight;
    },
    forward(of = images, more: Partial<Pass> = {}) {
      const forward = model.apply(parameters, of, { ...pass, ...more }, read.frozen);
      if (forward.seen.length > 0) seen.push(tf.keep(tf.concat([...forward.seen])));
      return forward;
    },
  };
  return { sight, seen };
}

/** Running statistics are cut up only where a pass wants them. */
function lazyParameters(weights: () => [string, tf.Tensor][], statistics: () => [string, tf.Tensor][]): Parameters {
  const known = new Map(weights());
  let whole = false;
  return {
    get(name) {
      if (!known.has(name) && !whole) {
        whole = true;
        for (const [each, tensor] of statistics()) known.set(each, tensor);
      }
      return known.get(name);
    },
  };
}

/** The gradient of one step and what comes out beside it: see `GradientOf`. */
export function stepBody<Seen extends Sight>(
  parts: SlotParts<Seen>,
  program: string,
  w: tf.Tensor1D,
  read: Read,
): { gradient: tf.Tensor1D; results: tf.Tensor[] } {
  const { recipe, model } = parts;
  const { direction } = recipe;
  const views = Object.keys(read.views);
  const truths = Object.fromEntries(views.map((view) => [view, truthOf(read, view, model.shape.classes)]));
  const batch = { images: read.views[views[0]].images, truth: truths[views[0]] } as unknown as Seen;
  const inputs = { ...read.inputs, ...recipe.loss?.prepare?.(read.inputs, batch) };
  const terms: string[][] = [];
  const values: tf.Tensor[] = [];
  let statistics: tf.Tensor1D | undefined;
  let moves = 0;
  const grad = ({ at = w, view = views[0], inputs: more = {}, still = false }: GradientRequest = {}): tf.Tensor => {
    const { loss } = recipe;
    if (!loss) throw new RangeError("a recipe without a loss has no gradient");
    let seen: tf.Tensor1D[] = [];
    let single = true;
    const { value, grad: gradient } = tf.valueAndGrad((vector: tf.Tensor) => {
      const passes = passesOf(parts, vector as tf.Tensor1D, read, view, truths);
      seen = passes.seen;
      // A loss of a recipe for labelled batches gets labelled ones: the runner hands in both.
      const got = loss.body(passes.sight as unknown as Seen, { ...inputs, ...more });
      terms.push(Object.keys(got));
      single = Object.keys(got).length === 1;
      if (!single) values.push(...Object.values(got).map((term) => tf.keep(tf.clone(term))));
      return got.total;
    })(at);
    if (single) values.push(value);
    for (const batch of still ? [] : seen) statistics = folded(statistics ?? read.at("statistics"), batch);
    moves += still ? 0 : seen.length;
    tf.dispose(seen);
    return gradient;
  };
  const gradient = (direction ? direction.body({ w, grad }, read.inputs) : grad()) as tf.Tensor1D;
  stepFacts.set(program, { terms, moves });
  const together = values.length > 1 ? [tf.stack(values)] : values;
  if (values.length > 1) tf.dispose(values);
  return { gradient, results: [...together, ...(statistics ? [statistics] : [])] };
}

/** Running statistics after a pass; one that ended early moves those of the blocks before its end. */
function folded(before: tf.Tensor1D, batch: tf.Tensor1D): tf.Tensor1D {
  const fold = (old: tf.Tensor) =>
    tf.add(tf.mul(old, 1 - batchNormMomentum), tf.mul(batch, batchNormMomentum)) as tf.Tensor1D;
  if (batch.size === before.size) return fold(before);
  const [moved, left] = tf.split(before, [batch.size, before.size - batch.size]);
  return tf.concat1d([fold(moved), left as tf.Tensor1D]);
}

function truthOf(read: Read, view: string, classes: number): tf.Tensor4D | undefined {
  const { images, masks } = read.views[view];
  const [batch, height, width] = images.shape;
  return masks && oneHotMasks(tf.reshape(masks, [batch, height, width]), classes);
}
