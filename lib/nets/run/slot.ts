import * as tf from "@tensorflow/tfjs-core";
import { assertFinite } from "../../core/diverged";
import { hashOf } from "../../core/hash";
import type { State } from "../../core/state";
import { where } from "../../core/where";
import { runProgram } from "../../engine";
import type { Model } from "../model/model";
import { download, select, upload } from "../model/parameters";
import { createDescent } from "./descent";
import type { Inputs, Named } from "./named";
import type { OptimiserConfig } from "./optimisers";
import { givenFrozen, givenInputs, givenViews, readGiven, uploadTaken, type Given } from "./program-inputs";
import type { Recipe, Sight, Views } from "./recipe";
import { passesOf, stepBody, stepFacts, type StepFacts } from "./step-body";

/** What a slot is opened with. */
export interface SlotConfig<Seen extends Sight> {
  readonly model: Model;
  readonly start: State;
  readonly recipe: Recipe<Seen>;
  /** For what a recipe does not name. */
  readonly optimiser: OptimiserConfig;
}

/** What else a step takes: draws, and the trained entries of other slots; they stay the caller's. */
export type Beside = Inputs;

/** A step's losses, one for each gradient that was asked for, in that order; without one there are none. */
export type StepLosses = readonly Readonly<Record<string, number>>[];

/**
 * A function of the network at its present weights, for predictions and measurements.
 * @returns new tensors
 */
export type Question = Named<(sight: Sight, inputs: Inputs) => tf.Tensor[]>;

/** Weights of a network that follow a recipe over batches. Keeps tensors, whatever `tf.tidy` it is used in, until it is disposed of. */
export interface Slot {
  /** The trained entries as they are now, one behind the other; the slot's to dispose. */
  vector(): tf.Tensor1D;
  /**
   * One step of the recipe.
   * @returns the losses before it @throws Diverged when one of them is not finite
   */
  step(views: Views, beside?: Beside): Promise<StepLosses>;
  /** What the recipe has behind a step. */
  after(beside?: Beside): void;
  /** @returns what the question's function returns, the caller's to dispose */
  ask(question: Question, images: tf.Tensor4D, beside?: Beside): tf.Tensor[];
  /** The weights as they are now, on the host. @throws Diverged when one of them is not finite */
  state(): Promise<State>;
  /** Goes back to the start, moments and statistics too. */
  reset(): void;
  /** Frees the slot's tensors; whoever opened it calls this, in a method the runner. */
  dispose(): void;
}

/** Uploads a start. @returns the slot, the caller's to dispose */
export function openSlot<Seen extends Sight>({ model, start, recipe, optimiser }: SlotConfig<Seen>): Slot {
  const trains = recipe.trains ?? where.everything;
  const trained = select(start.layout, (entry) => where.trained(entry) && trains(entry));
  const fixed = select(start.layout, (entry) => where.trained(entry) && !trains(entry));
  const running = select(start.layout, where.running);
  const begin = () => ({
    descent: createDescent({ ...optimiser, ...recipe.optimiser }, upload(start, trained)),
    statistics: tf.keep(upload(start, running)),
    moves: 0,
  });
  let now = begin();
  const rest = tf.keep(upload(start, fixed));
  const taken = uploadTaken([recipe.loss, recipe.pass, recipe.direction, recipe.after], trained);
  const functions = [recipe.loss, recipe.pass, recipe.direction].map((each) => each?.identity ?? "");
  const names = (entries: typeof trained.entries) => entries.map(({ name }) => name);
  const key = hashOf([model.key, names(trained.entries), names(running.entries), functions]);
  const parts = { model, trained, fixed, running, recipe };

  const givenFor = (views: Views, beside: Beside): Given => [
    ...givenViews(views),
    ["statistics", now.statistics],
    ["rest", rest],
    ...givenFrozen(model),
    ...givenInputs({ ...taken, ...beside }),
  ];
  const split = (given: Given) => ({
    labels: given.map(([label]) => label),
    tensors: given.map(([, tensor]) => tensor),
  });
  return {
    vector: () => now.descent.vector(),
    async step(views, beside = {}) {
      const { labels, tensors } = split(givenFor(views, beside));
      const program = `step ${key} ${labels.join()}`;
      const results = now.descent.step(
        program,
        (w, all) => stepBody(parts, program, w, readGiven(labels, all)),
        tensors,
      );
      const facts = factsOf(program);
      if (facts.moves > 0) {
        now.statistics.dispose();
        now.statistics = tf.keep(results.pop() as tf.Tensor1D);
        now.moves += facts.moves;
      }
      return readLosses(facts, results[0]);
    },
    after(beside = {}) {
      const { after } = recipe;
      if (!after) return;
      const { labels, tensors } = split(givenInputs({ ...taken, ...beside }));
      const body = ([w, ...all]: readonly tf.Tensor[]) => [
        after.body({ w: w as tf.Tensor1D }, readGiven(labels, all).inputs),
      ];
      const program = `after ${after.identity} ${labels.join()}`;
      now.descent.replace(runProgram(program, body, [now.descent.vector(), ...tensors])[0] as tf.Tensor1D);
    },
    ask(question, images, beside = {}) {
      const { labels, tensors } = split(givenFor({ batch: { images } }, beside));
      const body = ([w, ...all]: readonly tf.Tensor[]) => {
        const read = readGiven(labels, all);
        const { sight, seen } = passesOf(parts, w as tf.Tensor1D, read, "batch");
        const answers = question.body(sight, read.inputs);
        tf.dispose(seen); // a question moves no statistics
        return answers;
      };
      return runProgram(`ask ${key} ${question.identity} ${labels.join()}`, body, [now.descent.vector(), ...tensors]);
    },
    async state() {
      const values = start.values.slice();
      await download(now.descent.vector(), trained, values);
      await download(now.statistics, running, values);
      assertFinite(values, "a weight");
      for (const entry of start.layout) {
        // An averaged counter is a fraction, which PyTorch cuts off when it loads it into its integer buffer.
        if (where.counter(entry)) values[entry.offset] = Math.trunc(start.values[entry.offset]) + now.moves;
      }
      return { layout: start.layout, values };
    },
    reset() {
      now.descent.dispose();
      now.statistics.dispose();
      now = begin();
    },
    dispose() {
      tf.dispose([now.statistics, rest, ...Object.values(taken)]);
      now.descent.dispose();
    },
  };
}

function factsOf(program: string): StepFacts {
  const facts = stepFacts.get(program);
  if (!facts) throw new RangeError("a step was taken whose results are not known");
  return facts;
}

/** Reads all losses of a step in one piece: on a graphics card every reading waits for all that is under way. */
async function readLosses({ terms }: StepFacts, together: tf.Tensor | undefined): Promise<StepLosses> {
  if (!together) return [];
  const values = await together.data();
  together.dispose();
  let position = 0;
  const losses = terms.map((names) => Object.fromEntries(names.map((name) => [name, values[position++]])));
  for (const { total } of losses) assertFinite([total], "the loss");
  return losses;
}
