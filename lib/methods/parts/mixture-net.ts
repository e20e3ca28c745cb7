import * as tf from "@tensorflow/tfjs-core";
import { createLayout, layoutSize, type Entry } from "../../core/layout";
import { valuesOf, type State } from "../../core/state";
import { both, not, where, type Where } from "../../core/where";
import type { Model } from "../../nets/model/model";
import { namedTensors, parameter, select, upload, type Selection } from "../../nets/model/parameters";
import { unet } from "../../nets/model/unet";
import { unetLayers, type UNetShape } from "../../nets/model/unet-layout";

/** Entries of the network that share one number for each expert. */
export interface Group {
  /** The name of these numbers. */
  readonly gate: string;
  readonly mixes: (entry: Entry) => boolean;
}

/** Kernel and bias of every convolution by itself. */
export const layerByLayer = (shape: UNetShape): Group[] =>
  unetLayers(shape).map(({ name }) => ({
    gate: `${name}.gate`,
    mixes: (entry) => entry.name === `${name}.weight` || entry.name === `${name}.bias`,
  }));

/** All weights at once, those of normalisations too. */
export const asOne: readonly Group[] = [{ gate: "mix", mixes: where.trained }];

interface MixtureConfig {
  readonly shape: UNetShape;
  readonly experts: readonly State[];
  readonly groups: readonly Group[];
  /** What is not mixed starts from it. */
  readonly global: State;
}

/** The network is mixed, so a gate is nothing of its own there. */
const gates: Where = where.block("gates");

/**
 * The U-Net whose weights are the experts', `w = sum_e softmax(gate)_e w_e`, the same for every image. Trained are gates, from 0 on, and
 * whatever of the network is not mixed; it has no running statistics.
 * @returns the model, whose experts on the engine are the caller's to dispose
 */
export function mixtureNet({ shape, experts, groups, global }: MixtureConfig): Model & { dispose(): void } {
  const network = unet(shape);
  const trained = network.layout.filter(where.trained);
  const selections = groups.map(({ mixes }) => select(trained, mixes as Where));
  const own = trained.filter((entry) => !groups.some(({ mixes }) => mixes(entry)));
  const layout = createLayout([
    ...own,
    ...groups.map(({ gate }) => ({ name: gate, shape: [experts.length], role: "kernel" as const, block: "gates" })),
  ]);
  const frozen = selections.map((selection) =>
    tf.keep(tf.tidy(() => tf.stack(experts.map((state) => upload(state, selection))) as tf.Tensor2D)),
  );
  return {
    key: `mixture ${JSON.stringify([shape, groups.map(({ gate }) => gate), experts.length])}`,
    shape,
    layout,
    frozen,
    init() {
      const values = new Float32Array(layoutSize(layout));
      for (const { name, offset } of layout.filter(both(where.trained, not(gates))))
        values.set(valuesOf(global, name), offset);
      return { layout, values };
    },
    apply(parameters, images, pass, matrices) {
      const mixed = new Map(
        groups.flatMap(({ gate }, index) => mix(parameter(parameters, gate), matrices[index], selections[index])),
      );
      const all = { get: (name: string) => mixed.get(name) ?? parameters.get(name) };
      return { ...network.apply(all, images, pass, []), seen: [] };
    },
    dispose: () => tf.dispose(frozen),
  };
}

function mix(gate: tf.Tensor1D, matrix: tf.Tensor, selection: Selection): [string, tf.Tensor][] {
  const weights = tf.reshape<tf.Rank.R2>(tf.softmax(gate), [1, -1]);
  return namedTensors(tf.reshape<tf.Rank.R1>(tf.matMul(weights, matrix as tf.Tensor2D), [-1]), selection);
}
