import assert from "node:assert/strict";
import type { Entry, State } from "../../lib/core/state";
import type { SliceSet } from "../../lib/data/set/types";
import { trainOnBatches } from "../../lib/federation/client/local-training";
import type { ClientState } from "../../lib/methods/contract";
import { iopFl } from "../../lib/methods/train/iop-fl";
import { fromTorch } from "../../lib/nets/torch/torch-layout";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import { unetLayout, type UNetShape } from "../../lib/nets/model/unet-layout";
import type { GoldenCase, GoldenCheck } from "./golden-case";

interface Settings {
  readonly width: number;
  readonly samples: readonly number[];
  readonly rounds: number;
  readonly alpha: number;
  readonly optimisers: Readonly<Record<string, { readonly kind: string; readonly lr: number }>>;
}

/** FedAvg and the local adapted models of IOP-FL over several rounds, with the oracle's batches, by the project's own engine. */
export const check: GoldenCheck = {
  name: "federation",
  engine: true,
  async run(golden) {
    const settings = golden.json.settings as Settings;
    const schedule = golden.json.schedule as readonly (readonly (readonly number[][])[])[];
    const slices = settings.samples.map((_, client) => slicesOf(golden, client));
    const shape: UNetShape = { inChannels: slices[0].channels, classes: 2, features: settings.width };
    const start = stateOf(golden, "init", shape);
    assert.equal(schedule.length, settings.rounds);

    for (const [name, { kind, lr }] of Object.entries(settings.optimisers)) {
      const optimiser: OptimiserConfig = { kind: kind.replace("_", "-") as OptimiserConfig["kind"], learningRate: lr };
      const params = iopFl.params.parse({ alpha: settings.alpha });
      let global = start;
      let kept: ClientState[] = slices.map(() => iopFl.start(start));
      let steps = 0;
      for (const [index, batchesOfClients] of schedule.entries()) {
        const round = index + 1;
        const prefix = `${name}/round${round}`;
        steps += Math.max(...batchesOfClients.map((batches) => batches.length));
        const uploads: State[] = [];
        const next: ClientState[] = [];
        for (const [client, batches] of batchesOfClients.entries()) {
          const { upload, client: state } = await iopFl.local({
            round,
            global,
            client: kept[client],
            params,
            async train(from) {
              const { state: trained, losses } = await trainOnBatches({
                shape,
                start: from,
                slices: slices[client],
                batches,
                optimiser,
              });
              golden.compare(
                `${prefix}/loss${client}`,
                losses,
                golden.tensor(`${prefix}/loss${client}`).data as Float32Array,
                `${prefix}/loss${client}`,
              );
              return trained;
            },
            trainMixture: () => assert.fail("IOP-FL trains no mixture"),
          });
          assert.ok(upload);
          compareState(golden, `${prefix}/local${client}`, upload, optimiser, steps);
          compareState(golden, `${prefix}/trajectory${client}`, state.personal, optimiser, steps);
          uploads.push(upload);
          next.push(state);
        }
        kept = next;
        global = iopFl.aggregate(uploads, settings.samples, global);
        compareState(golden, `${prefix}/global`, global, optimiser, steps);
      }
    }
  },
};

/** Compares all entries of a state that the oracle stored at this place, together; does nothing where it stored none. */
function compareState(golden: GoldenCase, prefix: string, got: State, optimiser: OptimiserConfig, steps: number): void {
  if (golden.keys(`${prefix}/`).length === 0) return;
  const found: number[] = [];
  const wanted: number[] = [];
  for (const entry of got.layout) {
    found.push(...got.values.subarray(entry.offset, entry.offset + entry.size));
    wanted.push(...valuesOf(golden, `${prefix}/${entry.name}`, entry));
  }
  if (optimiser.kind === "sgd") golden.compare(prefix, found, wanted, prefix);
  else golden.compareAfterAdam(prefix, found, wanted, prefix, optimiser.learningRate, steps);
}

function stateOf(golden: GoldenCase, prefix: string, shape: UNetShape): State {
  const layout = unetLayout(shape);
  return {
    layout,
    values: Float32Array.from(layout.flatMap((entry) => [...valuesOf(golden, `${prefix}/${entry.name}`, entry)])),
  };
}

const valuesOf = (golden: GoldenCase, key: string, entry: Entry) =>
  fromTorch(golden.tensor(key).data as Float32Array, entry);

/** The images and masks of one client, as the training loop takes them. */
export function slicesOf(golden: GoldenCase, client: number): SliceSet {
  const input = golden.tensor(`client${client}/input`);
  const [count, channels, height, width] = input.shape;
  const masks = Uint8Array.from(golden.tensor(`client${client}/mask`).data as Float32Array);
  return {
    site: `client${client}`,
    count,
    channels,
    height,
    width,
    planes: input.data as Float32Array,
    stack: Int32Array.from({ length: count * channels }, (_, i) => i),
    masks,
    cases: [],
  };
}
