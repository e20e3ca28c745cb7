import * as tf from "@tensorflow/tfjs-core";
import { distance, type State } from "../../lib/core/state";
import { where } from "../../lib/core/where";
import type { SliceSet } from "../../lib/data/set/types";
import { gather } from "../../lib/data/set/batches";
import type { BatchViews } from "../../lib/methods/contract";
import { trainingOf } from "../../lib/methods/registry";
import { attention, cloudModel, modelsOf } from "../../lib/methods/train/fedamp";
import { oneHotMasks, softDiceLoss } from "../../lib/nets/model/losses";
import { createPredictor } from "../../lib/nets/run/predictor";
import { federate, plain, slicesOf, type Indices, type Outcome } from "./federate";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { besideStored, shapeOf } from "./network";

interface Settings {
  readonly samples: readonly number[];
  readonly rounds: number;
  readonly iop_rounds: number;
  readonly lr: number;
  readonly iop_alphas: readonly number[];
  readonly ditto_lambda: number;
  readonly pfedme: Readonly<Record<"eta" | "lambda" | "rate" | "K" | "mu" | "beta", number>>;
  readonly fedamp: Readonly<Record<"sigma" | "alpha_K" | "lambda", number>>;
  readonly perfedavg: Readonly<Record<"inner" | "outer", number>>;
}

interface Batches {
  readonly pairs: readonly (readonly (readonly (readonly [Indices, Indices])[])[])[];
  readonly single: readonly Indices[];
}

/** Inside methods over several rounds, with the oracle's batches, by the project's own loop; what travels is counted beside it. */
export const check: GoldenCheck = {
  name: "inside-methods",
  engine: true,
  async run(golden) {
    const settings = golden.json.settings as Settings;
    const { pfedme, fedamp, perfedavg } = settings;
    const kernel = { sigma: fedamp.sigma, alpha: fedamp.alpha_K, lambda: fedamp.lambda };

    await checkMethod(golden, "local", "local-only", {});
    await checkMethod(golden, "fedavg", "fedavg", {});
    for (const alpha of settings.iop_alphas) await checkMethod(golden, `iop_alpha${alpha}`, "iop-fl", { alpha });
    await checkMethod(golden, "iop_global", "iop-fl", {}, "global");
    await checkMethod(golden, "fedavg_local", "iop-fl", { alpha: 0 }, "personal", settings.rounds);
    await checkMethod(golden, "ditto_interleaved", "ditto", { lambda: settings.ditto_lambda });
    await checkMethod(golden, "pfedme", "pfedme", pfedme);
    await checkMethod(golden, "perfedavg", "per-fedavg", perfedavg);
    await checkMethod(golden, "fedamp", "fedamp", kernel);
    await checkMethod(golden, "fedamp_own_start", "fedamp", { ...kernel, start: "own" });

    for (const waiting of ["centralised", "fedavg_ft", "silobn", "fedper", "lg_fedavg", "fedbabu", "harmofl_"])
      golden.leave(waiting);
    for (const waiting of ["prr_", "cohort_", "amplitude/", "pfa/", "kl/"]) golden.leave(waiting);
  },
};

async function checkMethod(
  golden: GoldenCase,
  place: string,
  id: string,
  params: object,
  predicts: "personal" | "global" = "personal",
  rounds = roundsOf(golden, place),
): Promise<void> {
  const settings = golden.json.settings as Settings;
  const clients = settings.samples.map((_, client) => slicesOf(golden, client));
  let cloud: State | undefined;
  const outcome = await federate(golden, {
    method: trainingOf(id),
    params,
    rounds,
    optimiser: { kind: "sgd", learningRate: settings.lr },
    batches: batchesFor(golden, id),
    clients,
    onRound({ server, history }) {
      // What the last round starts from.
      if (id === "fedamp" && history.length === rounds - 1 && place === "fedamp")
        cloud = checkKernel(golden, modelsOf(server), settings.fedamp);
    },
  });
  const beside = (key: string, state: State) => {
    if (golden.keys(`${key}/`).length === 0) return;
    const { got, want } = besideStored(golden, state, `${key}/`);
    golden.compare(key, got, want, key.split("/").slice(0, 2).join("/"));
  };
  beside(`${place}/global`, outcome.server.model);
  if (cloud) beside(`${place}/cloud/0`, cloud);
  outcome.personal.forEach((state, client) => beside(`${place}/personal/${client}`, state));
  const models = predicts === "global" ? clients.map(() => outcome.server.model) : outcome.personal;
  const losses = await Promise.all(models.map((state, client) => evalLoss(golden, state, clients[client])));
  golden.compare(`${place}/eval_loss`, losses, floats(golden, `${place}/eval_loss`), `${place}/eval_loss`);
  checkLosses(golden, place, outcome, rounds);
  checkBytes(golden, place, outcome);
}

const roundsOf = (golden: GoldenCase, place: string): number => {
  const { rounds, iop_rounds: more } = golden.json.settings as Settings;
  return place.startsWith("iop_") ? more : rounds;
};

function batchesFor(golden: GoldenCase, id: string) {
  const ordinary = plain(golden.json.schedule as readonly (readonly (readonly Indices[])[])[]);
  const { pairs, single } = golden.json.batches as Batches;
  return (client: number, round: number, finishing: boolean): readonly BatchViews[] => {
    if (id !== "per-fedavg") return ordinary(client, round);
    if (finishing) return [{ batch: single[client] }];
    return pairs[round - 1][client].map(([support, query]) => ({ support, query }));
  };
}

/** The losses of every pass of the last round, where they are stored. */
function checkLosses(golden: GoldenCase, place: string, { losses }: Outcome, rounds: number): void {
  for (const key of golden.keys(`${place}/loss/`)) {
    const client = key.split("/")[2];
    const tuned = place === "perfedavg" ? -1 : undefined; // the step before it predicts is not of the round
    golden.compare(
      key,
      (losses.get(`${rounds}/${client}`) ?? []).slice(0, tuned),
      floats(golden, key),
      `${place}/loss`,
    );
  }
}

function checkKernel(golden: GoldenCase, models: readonly State[], settings: Settings["fedamp"]): State {
  const compare = (part: string, got: readonly number[]) =>
    golden.compare(`fedamp/kernel/${part}`, got, floats(golden, `fedamp/kernel/${part}`), "fedamp/kernel");
  const squares = models.flatMap((one) => models.map((other) => distance(one, other) ** 2));
  compare("distance", squares);
  const apart = models.flatMap((one, i) => models.slice(i + 1).map((other) => distance(one, other) ** 2));
  apart.sort((a, b) => a - b);
  const middle = (apart.length - 1) / 2;
  compare("median", [(apart[Math.floor(middle)] + apart[Math.ceil(middle)]) / 2]);
  const { sigma, alpha_K: alpha } = settings;
  compare("xi", attention(models, sigma, alpha).flat());
  return cloudModel(models, 0, { sigma, alpha });
}

/** Bytes up and down of every round; the oracle leaves out the counters of batches, which travel here as one number each. */
function checkBytes(golden: GoldenCase, place: string, { history, server }: Outcome): void {
  const { methods } = golden.json.communication as {
    readonly methods: Readonly<Record<string, { readonly up: number[][]; readonly down: number[][] }>>;
  };
  const wanted = methods[place.startsWith("iop_") ? "iop" : place];
  if (!wanted) return;
  const counters = 4 * server.model.layout.filter(where.counter).length;
  const whole = server.model.values.byteLength;
  const without = (bytes: number) => (bytes === whole ? bytes - counters : bytes);
  for (const [direction, of] of [
    ["up", "bytesUp"],
    ["down", "bytesDown"],
  ] as const) {
    const found = history.flatMap((round) => round[of].map(without));
    golden.compareWithin(`${place} bytes ${direction}`, found, wanted[direction].flat(), 0);
  }
}

/** Soft Dice of all of a client's slices as one batch, with running statistics. */
async function evalLoss(golden: GoldenCase, state: State, slices: SliceSet): Promise<number> {
  const { count, height, width, channels } = slices;
  const shape = shapeOf(golden, "init/");
  const { images, masks } = gather(
    slices,
    Array.from({ length: count }, (_, index) => index),
  );
  const predictor = createPredictor(shape, state);
  const loss = tf.tidy(() => {
    const logits = predictor.predict(tf.tensor4d(images, [count, height, width, channels]));
    return softDiceLoss(logits, oneHotMasks(tf.tensor3d(masks, [count, height, width]), shape.classes));
  });
  const [value] = await loss.data();
  loss.dispose();
  predictor.dispose();
  return value;
}

const floats = (golden: GoldenCase, key: string) => golden.tensor(key).data as Float32Array;
