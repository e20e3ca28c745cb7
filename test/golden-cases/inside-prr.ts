import * as tf from "@tensorflow/tfjs-core";
import { createLayout, type UnplacedEntry } from "../../lib/core/layout";
import { valuesOf, withPart, type State } from "../../lib/core/state";
import { exchangeFrequencies } from "../../lib/methods/parts/frequencies";
import { divergence } from "../../lib/methods/parts/losses";
import { nextStage, stages } from "../../lib/methods/parts/mutual";
import { perClient } from "../../lib/methods/parts/per-client";
import { fromTorch, toTorch } from "../../lib/nets/torch/torch-layout";
import { slicesOf } from "./federate";
import type { GoldenCase } from "./golden-case";
import { asStored, images } from "./network";
import { checkInside, compareEvalLoss, compareState, floats, settingsOf } from "./inside-run";

/** PRR-FL between two clients in each stage, its rule, its exchange of frequencies and its teaching alone. */
export async function checkPrr(golden: GoldenCase): Promise<void> {
  const { rounds, L_start: from, L_end: to } = settingsOf(golden).prr;
  const clients = [0, 1].map((client) => slicesOf(golden, client));
  for (const [index, stage] of stages.entries()) {
    const place = `prr_stage${index + 1}`;
    const run = { place, id: "prr-fl", params: { stage, from, to }, counted: "prr", rounds, clients };
    const { server, clients: kept, losses } = await checkInside(golden, run);
    const deputies = kept.map((each, client) => withPart(each.read().deputy, perClient.of(server, client)));
    deputies.forEach((deputy, client) => compareState(golden, `${place}/deputy/${client}`, deputy));
    await compareEvalLoss(golden, `${place}/deputy_eval_loss`, deputies, clients, run);
    for (const client of [0, 1]) compareTerms(golden, place, client, losses.get(`${rounds}/${client}`) ?? []);
  }
  checkRule(golden);
  await checkTeaching(golden);
  checkExchange(golden);
}

/** Of every batch Dice of both models, and the divergence of those that are taught. */
function compareTerms(
  golden: GoldenCase,
  place: string,
  client: number,
  found: readonly Readonly<Record<string, number>>[],
): void {
  const want = floats(golden, `${place}/loss/${client}`);
  const pairs = found.flatMap((terms, pass) => {
    const row = want.subarray(4 * Math.floor(pass / 2), 4 * Math.floor(pass / 2) + 4);
    const model = pass % 2;
    const dice = [terms.dice ?? terms.total, row[model]] as const;
    return terms.kl === undefined ? [dice] : [dice, [terms.kl, row[2 + model]] as const];
  });
  const both = [0, 1].map((side) => pairs.map((pair) => pair[side]));
  golden.compare(`${place}/loss/${client}`, both[0], both[1], `${place}/loss`);
  golden.compareWithin(`${place} passes of ${client}`, [found.length], [want.length / 2], 0);
}

function checkRule(golden: GoldenCase): void {
  const { cases_before_deputy_personal_next: cases } = golden.json.prr_stage_rule as {
    readonly cases_before_deputy_personal_next: readonly (readonly [number, number, number, number])[];
  };
  for (const [before, deputy, personal, next] of cases) {
    const got = stages.indexOf(nextStage(stages[before - 1], deputy, personal)) + 1;
    golden.compareWithin(`the stage behind ${before} with ${deputy} and ${personal}`, [got], [next], 0);
  }
}

async function checkTeaching(golden: GoldenCase): Promise<void> {
  const [student, teacher] = ["student", "teacher"].map((name) => images(golden.tensor(`kl/input/${name}`)));
  const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => divergence(x as tf.Tensor4D, teacher))(student);
  golden.compare("kl/loss", await value.data(), floats(golden, "kl/loss"), "kl/loss");
  const gradient = await asStored(grad as tf.Tensor4D);
  golden.compare("kl/grad_student", gradient, floats(golden, "kl/grad_student"), "kl/grad_student");
  tf.dispose([student, teacher, value, grad]);
}

function checkExchange(golden: GoldenCase): void {
  const below = (prefix: string) => [...new Set(golden.keys(prefix).map((key) => key.split("/")[2]))].sort();
  const models = below("pfa/input/").map((client) => storedPart(golden, `pfa/input/${client}/`));
  const places = [...new Set(golden.keys("pfa/L").map((key) => key.split("/")[1]))];
  for (const place of places) {
    exchangeFrequencies(models, Number(place.slice(1))).forEach((mixed, client) => {
      for (const entry of mixed.layout) {
        const key = `pfa/${place}/${client}/${entry.name}`;
        golden.compare(key, toTorch(valuesOf(mixed, entry.name), entry), floats(golden, key), `pfa/${place}`);
      }
    });
  }
}

/** Entries of a network that stand alone, with what they are read off their names. */
function storedPart(golden: GoldenCase, prefix: string): State {
  const names = golden.keys(prefix).map((key) => key.slice(prefix.length));
  const layout = createLayout(
    names.map((name): UnplacedEntry => {
      const { shape } = golden.tensor(prefix + name);
      const [out, third, high, wide] = shape;
      const role = shape.length === 4 ? "kernel" : /_bn\d/.test(name) ? "scale" : "bias";
      return { name, shape: shape.length === 4 ? [high, wide, third, out] : shape, role, block: "" };
    }),
  );
  const values = Float32Array.from(
    layout.flatMap((entry) => [...fromTorch(floats(golden, prefix + entry.name), entry)]),
  );
  return { layout, values };
}
