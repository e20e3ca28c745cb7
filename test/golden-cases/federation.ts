import assert from "node:assert/strict";
import type { State } from "../../lib/core/state";
import { iopFl } from "../../lib/methods/train/iop-fl";
import type { Training } from "../../lib/methods/contract";
import { fromTorch } from "../../lib/nets/torch/torch-layout";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import { federate, plain, slicesOf, type Indices } from "./federate";
import type { GoldenCase, GoldenCheck } from "./golden-case";

interface Settings {
  readonly samples: readonly number[];
  readonly rounds: number;
  readonly alpha: number;
  readonly optimisers: Readonly<Record<string, { readonly kind: string; readonly lr: number }>>;
}

/** FedAvg and the local adapted models of IOP-FL over several rounds, with the oracle's batches, by the project's own loop. */
export const check: GoldenCheck = {
  name: "federation",
  engine: true,
  async run(golden) {
    const { samples, rounds, alpha, optimisers } = golden.json.settings as Settings;
    const schedule = golden.json.schedule as readonly (readonly (readonly Indices[])[])[];
    const clients = samples.map((_, client) => slicesOf(golden, client));
    assert.equal(schedule.length, rounds);
    for (const [name, { kind, lr }] of Object.entries(optimisers)) {
      const optimiser: OptimiserConfig = { kind: kind.replace("_", "-") as OptimiserConfig["kind"], learningRate: lr };
      let steps = 0;
      const compare = (place: string, state: State) => compareState(golden, place, state, optimiser, steps);
      const { losses } = await federate(golden, {
        method: iopFl as Training,
        params: { alpha },
        rounds,
        optimiser,
        clients,
        batches: plain(schedule),
        onRound({ server, clients: kept, history }, sent) {
          const round = history.length;
          steps += Math.max(...schedule[round - 1].map((batches) => batches.length));
          sent.forEach((bag, client) => compare(`${name}/round${round}/local${client}`, bag?.model as State));
          kept.forEach((each, client) => compare(`${name}/round${round}/trajectory${client}`, each.read().personal));
          compare(`${name}/round${round}/global`, server.model);
        },
      });
      for (const [place, found] of losses) {
        const [round, client] = place.split("/");
        const key = `${name}/round${round}/loss${client}`;
        golden.compare(
          key,
          found.map(({ total }) => total),
          golden.tensor(key).data as Float32Array,
          key,
        );
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
    wanted.push(...fromTorch(golden.tensor(`${prefix}/${entry.name}`).data as Float32Array, entry));
  }
  if (optimiser.kind === "sgd") golden.compare(prefix, found, wanted, prefix);
  else golden.compareAfterAdam(prefix, found, wanted, prefix, optimiser.learningRate, steps);
}
