import * as tf from "@tensorflow/tfjs-core";
import { uploadMoves } from "../../lib/nets/model/transforms";
import { unetLayers } from "../../lib/nets/model/unet-layout";
import { toFlat } from "./network";
import type { GoldenCase } from "./golden-case";
import type { OutsideSettings } from "./outside-methods";
import { images, shapeOf } from "./network";

type Drawn = Record<string, tf.Tensor> | undefined;

/** One view of a batch: noise of some deviation, and moves. */
function view(golden: GoldenCase, batch: number, index: number, deviation: number): Record<string, tf.Tensor> {
  const place = `in/batch${batch}/views`;
  const whole = golden.tensor(`${place}/noise`);
  const shape = whole.shape.slice(1);
  const size = shape.reduce((product, length) => product * length, 1);
  const data = (whole.data as Float32Array).slice(index * size, (index + 1) * size).map((value) => value * deviation);
  const noise = images({ ...whole, shape, data });
  const row = (part: string) => {
    const all = golden.tensor(`${place}/${part}`).data as Int32Array;
    return Array.from(all.subarray(index * shape[0], (index + 1) * shape[0]));
  };
  const [flips, quarters] = [row("flip"), row("rot")];
  return {
    noise,
    ...uploadMoves(
      noise.shape,
      quarters.map((count, image) => ({ flip: flips[image] === 1, quarters: count })),
    ),
  };
}

/** All views of one image of a batch: noise of some deviation, and moves. */
export function viewsOfImage(
  golden: GoldenCase,
  batch: number,
  image: number,
  deviation: number,
): Record<string, tf.Tensor> {
  const place = `in/batch${batch}/views`;
  const { shape, data } = golden.tensor(`${place}/noise`);
  const [views, count, ...pixels] = shape;
  const size = pixels.reduce((product, length) => product * length, 1);
  const own = new Float32Array(views * size);
  for (let index = 0; index < views; index++) {
    const start = (index * count + image) * size;
    own.set((data as Float32Array).subarray(start, start + size), index * size);
  }
  const noise = images({ type: "F32", shape: [views, ...pixels], data: own.map((value) => value * deviation) });
  const column = (part: string) =>
    Array.from({ length: views }, (_, index) => Number(golden.tensor(`${place}/${part}`).data[index * count + image]));
  const [flips, quarters] = [column("flip"), column("rot")];
  const moves = quarters.map((turns, index) => ({ flip: flips[index] === 1, quarters: turns }));
  return { noise, ...uploadMoves(noise.shape, moves) };
}

/** The draws of routing: the first view, and the masks of the gates' dropout where there is any. */
export function routingDraws(
  golden: GoldenCase,
  place: string,
  batch: number,
  name: string,
  deviation?: number,
): Drawn {
  const { routing, "softmax-gates": gates } = golden.json.settings as OutsideSettings;
  if (name !== "step") throw new Error(`the oracle has no draw "${name}"`);
  const draws = view(golden, batch, 0, deviation ?? routing.noise);
  if (place !== "softmax-gates/dropout") return draws;
  for (const [pass, stored] of [
    ["main", "main"],
    ["augmented", "noisy"],
    ["clean", "clean"],
  ])
    draws[`dropout/${pass}`] = factors(golden, `in/batch${batch}/dropout/${stored}`, gates.dropout);
  return draws;
}

/** Masks of all layers side by side `[batch, hidden]`, as factors of one layer after the other. */
function factors(golden: GoldenCase, key: string, share: number): tf.Tensor {
  const { data, shape } = golden.tensor(key);
  const [batch, width] = shape;
  const channels = golden.json.convolutions as Readonly<Record<string, number>>;
  const starts = new Map<string, number>();
  let start = 0;
  for (const [layer, inputs] of Object.entries(channels)) {
    starts.set(layer, start);
    start += 2 * inputs;
  }
  const values: number[] = [];
  for (const { name, inputs } of unetLayers(shapeOf(golden, "in/global/"))) {
    const from = starts.get(name);
    if (from === undefined) throw new Error(`the oracle has no masks for ${name}`);
    for (let sample = 0; sample < batch; sample++)
      for (let hidden = 0; hidden < 2 * inputs; hidden++)
        values.push(Number(data[sample * width + from + hidden]) / (1 - share));
  }
  return tf.tensor1d(values);
}

/** The draws of CoTTA: every view, and which elements go back to the source. */
export function confidenceDraws(golden: GoldenCase, batch: number, name: string): Drawn {
  const { cotta } = golden.json.settings as OutsideSettings;
  const index = /^view (\d+)$/.exec(name);
  if (index) return view(golden, batch, Number(index[1]), cotta.noise);
  return { restore: tf.tensor1d(toFlat(golden, `in/batch${batch}/restore/`)) };
}
