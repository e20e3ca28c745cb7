import * as tf from "@tensorflow/tfjs-core";
import { createDescent } from "../../lib/nets/run/descent";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import { unet } from "../../lib/nets/model/unet";
import { openSlot } from "../../lib/nets/run/slot";
import { softDice } from "../../lib/nets/run/soft-dice";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { besideStored, images, masks, shapeOf, stateOf } from "./network";

interface Settings {
  readonly batch: number;
  readonly steps: number;
  readonly optimisers: Readonly<Record<string, { readonly kind: string; readonly lr: number }>>;
  readonly vector_test: { readonly lr: number; readonly steps: number; readonly marks: readonly number[] };
}

/** Every optimiser on the network, and alone on recorded gradients, which is the sharp test of epsilon and of AMSGrad. */
export const check: GoldenCheck = {
  name: "adam",
  engine: true,
  async run(golden) {
    const { optimisers, ...settings } = golden.json.settings as Settings;
    for (const [name, { kind, lr }] of Object.entries(optimisers)) {
      const known = { adam: "adam", adam_amsgrad: "adam-amsgrad", sgd: "sgd" } as const;
      if (!(kind in known)) throw new Error(`adam.json has an optimiser of kind "${kind}"`);
      const config: OptimiserConfig = { kind: known[kind as keyof typeof known], learningRate: lr };
      await checkNetwork(golden, name, config, settings);
      await checkVector(golden, name, { ...config, learningRate: settings.vector_test.lr }, settings.vector_test);
    }
  },
};

async function checkNetwork(
  golden: GoldenCase,
  name: string,
  optimiser: OptimiserConfig,
  { batch, steps }: Omit<Settings, "optimisers">,
): Promise<void> {
  const shape = shapeOf(golden, "state/");
  const start = stateOf(golden, "state/");
  const slot = openSlot({ model: unet(shape), start, recipe: { loss: softDice }, optimiser });
  const compareState = async (part: string, after: number) => {
    const { got, want } = besideStored(golden, await slot.state(), `${name}/${part}/`);
    const group = `${name}/${part}`;
    if (optimiser.kind === "sgd") golden.compare(group, got, want, group);
    else golden.compareAfterAdam(group, got, want, group, optimiser.learningRate, after);
  };
  const losses: number[] = [];
  const input = images(golden.tensor("input"));
  const labels = masks(golden.tensor("mask"));
  for (let step = 0; step < steps; step++) {
    const [some, their] = [tf.slice(input, step * batch, batch), tf.slice(labels, step * batch, batch)];
    losses.push((await slot.step({ batch: { images: some, masks: their } }))[0].total);
    tf.dispose([some, their]);
    if (step === 0) await compareState("step1", 1);
  }
  tf.dispose([input, labels]);
  golden.compare(`${name} losses`, losses, golden.tensor(`${name}/loss`).data as Float32Array, `${name}/loss`);
  await compareState("final", steps);
  slot.dispose();
}

async function checkVector(
  golden: GoldenCase,
  name: string,
  config: OptimiserConfig,
  { steps, marks }: Settings["vector_test"],
): Promise<void> {
  const gradients = golden.tensor("vector_input/grads");
  const size = gradients.shape[1];
  const descent = createDescent(config, tf.tensor1d(golden.tensor("vector_input/p0").data as Float32Array));
  const seen: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const gradient = tf.tensor1d((gradients.data as Float32Array).slice((step - 1) * size, step * size));
    descent.step("recorded gradient", (_, [recorded]) => ({ gradient: recorded as tf.Tensor1D, results: [] }), [
      gradient,
    ]);
    gradient.dispose();
    if (marks.includes(step)) seen.push(...(await descent.vector().data()));
  }
  descent.dispose();
  const group = `vector_${name}/params_at_marks`;
  golden.compare(group, seen, golden.tensor(group).data as Float32Array, group);
}
