import * as tf from "@tensorflow/tfjs-core";
import { createRandom } from "../../lib/core/random";
import { openAdapter } from "../../lib/federation/evaluate/adaptation";
import type { AdaptContext, Adaptation } from "../../lib/methods/contract";
import { adaptationOf } from "../../lib/methods/registry";
import type { Slot } from "../../lib/nets/run/slot";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { asStored, besideFirst, fillState, images, partialState, shapeOf } from "./network";
import { confidenceDraws, routingDraws } from "./outside-draws";
import { checkMixStyle } from "./outside-mixstyle";

export interface OutsideSettings {
  readonly clients: number;
  readonly batches: readonly number[];
  readonly views: number;
  readonly routing: { readonly lr: number; readonly noise: number };
  readonly "softmax-gates": { readonly dropout: number };
  readonly cotta: Readonly<Record<"lr" | "noise" | "momentum" | "threshold" | "restore", number>>;
  readonly step: { readonly lr: number };
}

/** Outside methods over the oracle's stream with its draws, by the project's own adapters and training loop. */
export const check: GoldenCheck = {
  name: "outside-methods",
  engine: true,
  async run(golden) {
    const { routing, cotta, views, ...settings } = golden.json.settings as OutsideSettings;
    const objective = { entropyAxis: "batch", stopGradientTarget: false, sigma: routing.noise };
    const routed = { ...objective, learningRate: routing.lr, epochs: 1 };
    await checkStream(golden, "global", "global", {});
    await checkStream(golden, "uniform-routing", "iop-fl", { ...routed, gate: "uniform", dropout: 0 });
    await checkStream(golden, "softmax-gates/plain", "iop-fl", { ...routed, gate: "softmax", dropout: 0 });
    const { dropout } = settings["softmax-gates"];
    await checkStream(golden, "softmax-gates/dropout", "iop-fl", { ...routed, gate: "softmax", dropout });
    const { lr: learningRate, noise: sigma, momentum, threshold, restore } = cotta;
    await checkStream(golden, "cotta", "cotta", { learningRate, sigma, momentum, threshold, restore, views });
    await checkMixStyle(golden, settings.step.lr);

    for (const left of ["ensemble", "soup", "best-expert", "greedy-soup", "static-gates", "sparse-weights"])
      golden.leave(left);
    for (const left of ["bn-adapt", "tent", "shot", "t3a", "memo", "domain-adaptor", "dltta", "ttt"])
      golden.leave(left);
    for (const left of ["rsc", "jigen", "feddg", "bigaug", "in/heads", "in/jigsaw", "in/train/foreign", "in/pure"])
      if (golden.keys(left).length > 0) golden.leave(left);
  },
};

/** Takes a method over the stream, batch by batch, and compares what it predicts, lost and changed. */
async function checkStream(golden: GoldenCase, place: string, id: string, params: object): Promise<void> {
  const { clients, batches } = golden.json.settings as OutsideSettings;
  const shape = shapeOf(golden, "in/global/");
  const model = (name: string) => partialState(golden, `in/${name}/`, shape);
  const method = adaptationOf(id);
  let batch = 0;
  const watched = watch(golden, method);
  const adapter = openAdapter({
    method: watched.method,
    params: method.params.parse(params),
    bank: {
      shape,
      personal: Array.from({ length: clients }, (_, client) => model(`client${client}`)),
      global: model("global"),
    },
    epochs: 1,
    random: createRandom("golden"),
    replay: (name) =>
      id === "cotta" ? confidenceDraws(golden, batch, name) : routingDraws(golden, place, batch, name),
  });
  for (; batch < batches.length; batch++) {
    const input = images(golden.tensor(`in/batch${batch}/input`));
    const logits = await adapter.predict(input);
    const key = `${place}/batch${batch}`;
    golden.compare(`${key}/logits`, await asStored(logits), floats(golden, `${key}/logits`), `${place}/logits`);
    tf.dispose([input, logits]);
    await checkTold(golden, place, key, adapter.telemetry());
    await checkSlots(golden, place, key, watched.slots);
  }
  adapter.dispose();
}

async function checkTold(
  golden: GoldenCase,
  place: string,
  key: string,
  told: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  for (const stored of golden.keys(`${key}/loss/`)) {
    const term = stored.slice(`${key}/loss/`.length);
    const found = told[`loss/${term}`];
    if (!found) throw new Error(`${place} tells nothing of loss/${term}`);
    golden.compare(stored, found, floats(golden, stored), `${place}/loss/${term}`);
  }
  if (golden.has(`${key}/confidence`))
    golden.compare(`${key}/confidence`, told.confidence, floats(golden, `${key}/confidence`), `${place}/confidence`);
  for (const used of golden.keys(`${key}/views_used`))
    golden.compareWithin(used, told.viewsUsed, Array.from(golden.tensor(used).data, Number), 0);
}

/** What a batch changed: of the only slot, or by the slots' names. */
async function checkSlots(golden: GoldenCase, place: string, key: string, slots: readonly Slot[]): Promise<void> {
  const { batches, routing, cotta } = golden.json.settings as OutsideSettings;
  const named = slots.length === 1 ? { after: slots[0] } : { teacher: slots[1], student: slots[2] };
  for (const [name, slot] of Object.entries(named)) {
    if (!slot || golden.keys(`${key}/${name}/`).length === 0) continue;
    const { got, want } = besideFirst(golden, await slot.state(), `${key}/${name}/`);
    const rate = place === "cotta" ? cotta.lr : routing.lr;
    golden.compareAfterAdam(`${key}/${name}`, got, want, `${place}/${name}`, rate, batches.length);
  }
}

/** The same method; its slots are remembered, and gates start from the oracle's. */
function watch(golden: GoldenCase, method: Adaptation): { method: Adaptation; slots: Slot[] } {
  const slots: Slot[] = [];
  const open = (context: AdaptContext<unknown>) =>
    method.open({
      ...context,
      slot(config) {
        const gates = config.start.layout.some(({ name }) => golden.has(`in/gates/${name}`));
        const start = gates ? fillState(golden, "in/gates/", config.start) : config.start;
        const slot = context.slot({ ...config, start });
        slots.push(slot);
        return slot;
      },
    });
  return { method: { ...method, open }, slots };
}

const floats = (golden: GoldenCase, key: string) => golden.tensor(key).data as Float32Array;
