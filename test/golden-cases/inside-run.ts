import * as tf from "@tensorflow/tfjs-core";
import type { State } from "../../lib/core/state";
import { gather } from "../../lib/data/set/batches";
import type { SliceSet } from "../../lib/data/set/types";
import type { BatchViews } from "../../lib/methods/contract";
import { trainingOf } from "../../lib/methods/registry";
import { oneHotMasks, softDiceLoss } from "../../lib/nets/model/losses";
import { createPredictor } from "../../lib/nets/run/predictor";
import { federate, plain, slicesOf, type Indices, type Outcome, type Run } from "./federate";
import type { GoldenCase } from "./golden-case";
import { besideStored, shapeOf } from "./network";

export interface InsideSettings {
  readonly samples: readonly number[];
  readonly rounds: number;
  readonly iop_rounds: number;
  readonly lr: number;
  readonly tune_lr: number;
  readonly iop_alphas: readonly number[];
  readonly ditto_lambda: number;
  readonly pfedme: Readonly<Record<"eta" | "lambda" | "rate" | "K" | "mu" | "beta", number>>;
  readonly fedamp: Readonly<Record<"sigma" | "alpha_K" | "lambda", number>>;
  readonly perfedavg: Readonly<Record<"inner" | "outer", number>>;
  readonly harmofl: {
    readonly rho: Readonly<Record<"perturbation" | "published" | "intended", number>>;
    readonly momentum: number;
    readonly L: number;
  };
  readonly prr: { readonly rounds: number; readonly L_start: number; readonly L_end: number };
  readonly cohort: { readonly cohorts: readonly Indices[]; readonly lost: readonly Indices[] };
  readonly epochs: readonly number[];
}

interface Batches {
  readonly pooled: readonly (readonly Indices[])[];
  readonly tune: readonly (readonly Indices[])[];
  readonly pairs: readonly (readonly (readonly (readonly [Indices, Indices])[])[])[];
  readonly single: readonly Indices[];
  readonly unequal: readonly (readonly (readonly Indices[])[])[];
}

/** One method of the case, as the project runs it. */
export interface InsideRun extends Partial<Pick<Run, "rounds" | "clients" | "protocol" | "cohort" | "onRound">> {
  /** Its name in the file. */
  readonly place: string;
  readonly id: string;
  readonly params?: object;
  /** Its name in `communication`. Default: its place. */
  readonly counted?: string;
  /** Whose model predicts for the clients. Default: the client's. */
  readonly predicts?: "global";
  /** Which batches train, in place of the plain schedule. */
  readonly batches?: keyof Batches;
}

export const settingsOf = (golden: GoldenCase): InsideSettings => golden.json.settings as InsideSettings;
export const floats = (golden: GoldenCase, key: string): Float32Array => golden.tensor(key).data as Float32Array;

/** Runs a method with the oracle's batches and compares all that is stored of it, and what it costs. */
export async function checkInside(golden: GoldenCase, run: InsideRun): Promise<Outcome> {
  const { samples, rounds: usual, lr } = settingsOf(golden);
  const { place, id, params, rounds = usual, clients = samples.map((_, client) => slicesOf(golden, client)) } = run;
  const outcome = await federate(golden, {
    ...run,
    method: trainingOf(id),
    params,
    rounds,
    optimiser: { kind: "sgd", learningRate: lr },
    batches: batchesOf(golden, run),
    clients,
  });
  compareState(golden, `${place}/global`, outcome.server.model);
  outcome.personal.forEach((state, client) => compareState(golden, `${place}/personal/${client}`, state));
  const models = run.predicts ? clients.map(() => outcome.server.model) : outcome.personal;
  await compareEvalLoss(golden, `${place}/eval_loss`, models, clients, run);
  compareLosses(golden, place, outcome, rounds);
  compareCosts(golden, run.counted ?? place, outcome);
  return outcome;
}

/** Compares the entries of a state that the file has at a place, if it has any. */
export function compareState(golden: GoldenCase, place: string, state: State): void {
  if (golden.keys(`${place}/`).length === 0) return;
  const { got, want } = besideStored(golden, state, `${place}/`);
  golden.compare(place, got, want, place.split("/").slice(0, 2).join("/"));
}

function batchesOf(golden: GoldenCase, { batches = "tune" }: InsideRun): Run["batches"] {
  const ordinary = plain(golden.json.schedule as readonly (readonly (readonly Indices[])[])[]);
  const own = golden.json.batches as Batches;
  const views = (lists: readonly Indices[]): readonly BatchViews[] => lists.map((batch) => ({ batch }));
  return (client, round, finishing) => {
    if (finishing) return batches === "pairs" ? [{ batch: own.single[client] }] : views(own.tune[client]);
    if (batches === "pairs") return own.pairs[round - 1][client].map(([support, query]) => ({ support, query }));
    if (batches === "pooled") return views(own.pooled[round - 1]);
    return batches === "unequal" ? views(own.unequal[round - 1][client]) : ordinary(client, round);
  };
}

/** Soft Dice of all of a client's slices as one batch, of the model that predicts for it as it predicts. */
export async function compareEvalLoss(
  golden: GoldenCase,
  key: string,
  models: readonly State[],
  clients: readonly SliceSet[],
  run: Pick<InsideRun, "id" | "params">,
): Promise<void> {
  const losses: number[] = [];
  for (const [client, state] of models.entries()) losses.push(await evalLoss(golden, state, clients[client], run));
  golden.compare(key, losses, floats(golden, key), key);
}

async function evalLoss(
  golden: GoldenCase,
  state: State,
  slices: SliceSet,
  { id, params = {} }: Pick<InsideRun, "id" | "params">,
): Promise<number> {
  const method = trainingOf(id);
  const { count, height, width, channels } = slices;
  const shape = shapeOf(golden, "init/");
  const all = Array.from({ length: count }, (_, index) => index);
  const { images, masks } = gather(slices, all);
  const size = [count, height, width, channels] as const;
  const seen = method.sees?.(state, method.params.parse(params))?.(images, size) ?? images;
  const predictor = createPredictor(shape, state);
  const loss = tf.tidy(() => {
    const logits = predictor.predict(tf.tensor4d(seen, [...size]));
    return softDiceLoss(logits, oneHotMasks(tf.tensor3d(masks, [count, height, width]), shape.classes));
  });
  const [value] = await loss.data();
  loss.dispose();
  predictor.dispose();
  return value;
}

/** The losses of every pass of the last round, where they are stored; what tunes behind it comes after them. */
function compareLosses(golden: GoldenCase, place: string, { losses }: Outcome, rounds: number): void {
  if (place.startsWith("prr_")) return; // two models' terms: see inside-prr.ts
  for (const key of golden.keys(`${place}/loss/`)) {
    const want = floats(golden, key);
    const found = losses.get(`${rounds}/${key.split("/")[2]}`) ?? [];
    const totals = found.slice(0, want.length).map(({ total }) => total);
    golden.compare(key, totals, want, `${place}/loss`);
  }
}

interface Costs extends Readonly<Record<"up" | "down" | "train_forwards", readonly (readonly number[])[] | undefined>> {
  readonly tuning_updates?: readonly number[];
}

/** Bytes up and down, and passes that train, of every round and client. */
function compareCosts(golden: GoldenCase, place: string, { history, losses, counters }: Outcome): void {
  const { methods } = golden.json.communication as { readonly methods: Readonly<Record<string, Costs>> };
  const wanted = methods[place];
  if (!wanted) throw new Error(`the oracle counts nothing of ${place}`);
  const compare = (what: string, got: readonly number[][], want: Costs["up"] = got.map((row) => row.map(() => 0))) =>
    golden.compareWithin(`${place} ${what}`, got.flat(), want.flat(), 0);
  for (const way of ["up", "down"] as const) {
    const bytes = ({ round, bytesUp, bytesDown }: (typeof history)[number]) =>
      (way === "up" ? bytesUp : bytesDown).map((all, client) =>
        all === 0 ? 0 : all - 4 * (counters.get(`${round}/${client}`)?.[way] ?? 0),
      );
    compare(`bytes ${way}`, history.map(bytes), wanted[way]);
  }
  if (!wanted.train_forwards) return;
  const tuning = wanted.tuning_updates ?? [];
  const forwards = history.map(({ round, bytesUp }) =>
    bytesUp.map((_, client) => {
      const passes = losses.get(`${round}/${client}`)?.length ?? 0;
      return round === history.length ? passes - (tuning[client] ?? 0) : passes;
    }),
  );
  compare("train-mode forwards", forwards, wanted.train_forwards);
}
