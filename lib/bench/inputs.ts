import { createRandom, type Random } from "../core/random";
import type { State } from "../core/state";
import type { Part, SiteData, SliceSet } from "../data/set/types";
import { writeAtomic } from "../io/atomic";
import { writeSafeTensors, type StoredTensor } from "../io/safetensors";
import { expertStates } from "../nets/routed/experts";
import { initialiseUNet } from "../nets/model/initialise";
import { initialiseRouting, routingLayout } from "../nets/routed/routing-layout";
import { channelsFirst, torchShape, toTorch } from "../nets/torch/torch-layout";
import type { UNetShape } from "../nets/model/unet-layout";
import type { Task } from "./task";

export const channels = 3;
const classes = 2;
const slicesPerCase = 8;

export const shapeOf = ({ features }: Pick<Task, "features">): UNetShape => ({
  inChannels: channels,
  classes,
  features,
});

/** The models of a case: both sides start from them. */
export function modelsOf(task: Pick<Task, "features" | "experts">): { global: State; personal: State[] } {
  const model = (name: string) => initialiseUNet(shapeOf(task), createRandom(`bench/${name}`));
  return {
    global: model("global"),
    personal: Array.from({ length: task.experts - 1 }, (_, index) => model(`client${index}`)),
  };
}

/** What test-time routing draws from. */
export const routingRandom = (): Random => createRandom("bench/routing");

/** Gates as the published reading starts them: ordinary convolutions leave the last client out. */
function gatesOf(task: Task): State {
  const { global, personal } = modelsOf(task);
  const layout = routingLayout(
    shapeOf(task),
    (layer) => expertStates(layer, personal, global, "without-last-client").length,
  );
  return initialiseRouting(layout, global, routingRandom().child("gates"));
}

/** A bright disc in noise on every slice. @returns images `[count, side, side, channel]` and masks `[count, side, side]` */
export function discs(count: number, side: number): { images: Float32Array; masks: Float32Array } {
  const images = new Float32Array(count * side * side * channels);
  const masks = new Float32Array(count * side * side);
  const random = createRandom("bench/images");
  for (let slice = 0; slice < count; slice++) drawDisc(images, masks, slice, side, random);
  return { images, masks };
}

function drawDisc(images: Float32Array, masks: Float32Array, slice: number, side: number, random: Random): void {
  const [row, column, radius] = [
    random.uniform(0.3, 0.7) * side,
    random.uniform(0.3, 0.7) * side,
    random.uniform(0.1, 0.25) * side,
  ];
  for (let pixel = 0; pixel < side * side; pixel++) {
    const inside = Math.hypot(Math.floor(pixel / side) - row, (pixel % side) - column) < radius;
    const at = slice * side * side + pixel;
    masks[at] = inside ? 1 : 0;
    for (let channel = 0; channel < channels; channel++)
      images[at * channels + channel] = random.normal(inside ? 1 : 0, 0.5);
  }
}

/** @returns clients with slices of discs, in cases of eight slices */
export function sitesOf(task: Task): SiteData[] {
  const most = Math.max(task.train, task.validation, task.test);
  const { images, masks } = discs(most, task.side);
  const area = task.side * task.side;
  const planes = new Float32Array(most * area * channels);
  for (let at = 0; at < most * area; at++) {
    for (let channel = 0; channel < channels; channel++)
      planes[(Math.floor(at / area) * channels + channel) * area + (at % area)] = images[at * channels + channel];
  }
  const part = (site: string, count: number): SliceSet => ({
    site,
    count,
    height: task.side,
    width: task.side,
    channels,
    planes,
    stack: Int32Array.from({ length: count * channels }, (_, index) => index),
    masks: Uint8Array.from(masks.subarray(0, count * area)),
    cases: Array.from({ length: Math.ceil(count / slicesPerCase) }, (_, index) => {
      const first = index * slicesPerCase;
      return { id: `Case${index}`, first, count: Math.min(slicesPerCase, count - first), spacing: [3, 1, 1] as const };
    }),
  });
  return Array.from({ length: task.clients }, (_, index) => {
    const site = `client${index}`;
    const parts = Object.fromEntries(
      (["train", "validation", "test"] as const).map((name) => [name, part(site, task[name])]),
    ) as Record<Part, SliceSet>;
    return { site, parts };
  });
}

/** Writes models and images for PyTorch, in its order of axes. @param more tensors beside them: a recorded augmentation */
export function writeInput(path: string, task: Task, more: readonly (readonly [string, StoredTensor])[] = []): void {
  const count = task.task === "round" ? Math.max(task.train, task.validation, task.test) : task.batch;
  const { images, masks } = discs(count, task.side);
  const size = [task.side, task.side] as const;
  const tensors: (readonly [string, StoredTensor])[] = [
    [
      "images",
      { type: "F32", shape: [count, channels, ...size], data: channelsFirst(images, [count, ...size, channels]) },
    ],
    ["masks", { type: "I32", shape: [count, ...size], data: Int32Array.from(masks) }],
    ...more,
  ];
  const { global, personal } = modelsOf(task);
  tensors.push(...stored("global", global));
  if (task.task === "routing")
    tensors.push(
      ...personal.flatMap((state, index) => stored(`client${index}`, state)),
      ...stored("gates", gatesOf(task)),
    );
  writeAtomic(path, writeSafeTensors(tensors));
}

function stored(prefix: string, { layout, values }: State): (readonly [string, StoredTensor])[] {
  return layout.map((entry) => [
    `${prefix}/${entry.name}`,
    {
      type: "F32",
      shape: torchShape(entry),
      data: toTorch(values.subarray(entry.offset, entry.offset + entry.size), entry),
    },
  ]);
}
