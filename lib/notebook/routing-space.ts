import * as tf from "@tensorflow/tfjs-core";
import { WorkbenchError } from "../core/errors";
import { combine, distance, type State } from "../core/state";
import { startEngine } from "../engine";
import { runAdaptation, type AdaptationSpec } from "../federation/evaluate/adaptation";
import { evaluateModel, meanDice } from "../federation/evaluate/evaluation";
import { adaptationSpec } from "../lab/jobs/run-adaptation";
import type { Job } from "../lab/plan/jobs";
import { planExperiment, type PlanOptions } from "../lab/plan/plan-experiment";
import type { Adaptation } from "../methods/contract";
import { unetLayers, type UNetShape } from "../nets/model/unet-layout";
import { chosen } from "../nets/run/named";
import type { Sight } from "../nets/run/recipe";
import type { Slot } from "../nets/run/slot";
import { referenceOf } from "../records/config";
import { loadSites } from "../records/dataset";

/** The gates of one slice in one layer: a weight for each expert, in the order of `RoutingSpace.experts`. */
export interface SliceGates {
  readonly slice: number;
  readonly case: string;
  readonly layer: string;
  readonly gates: readonly number[];
}

/** The models that meet at a held-out site, and what routing makes of them. */
export interface RoutingSpace {
  /** The clients in their order, then `global`. */
  readonly experts: readonly string[];
  /** Euclidean distances between every two of them, over all trained numbers. */
  distances(): readonly { readonly a: string; readonly b: string; readonly distance: number }[];
  /**
   * Mean volumetric Dice on the site of models on the line between two experts: labels score here, and choose nothing.
   * @param steps how many, both ends included
   */
  between(a: string, b: string, steps?: number): Promise<readonly { readonly share: number; readonly dice: number }[]>;
  /** Adapts as the experiment does, in this kernel, and reads the gates of every slice in the last pass. */
  gates(): Promise<readonly SliceGates[]>;
}

/**
 * Opens the models that a finished outside experiment left on this machine for one held-out site, as its reference method routes among them.
 * @throws WorkbenchError when the site is not held out in it, or the models are not here
 */
export async function routingSpace(
  id: string,
  { site, seed = 0, ...options }: PlanOptions & { readonly site: string; readonly seed?: number },
): Promise<RoutingSpace> {
  const plan = await planExperiment(id, options);
  const routing = referenceOf(plan.experiment);
  const isRouting = ({ id: method, variant }: Job["method"]) => method === routing.id && variant === routing.variant;
  const job = plan.jobs.find(
    (each) => each.kind === "adaptation" && each.heldOut === site && each.seed === seed && isRouting(each.method),
  );
  if (job?.kind !== "adaptation")
    throw new WorkbenchError(
      `${id} routes nothing at "${site}" with seed ${seed}`,
      `use one of ${plan.task.sites.join(", ")}`,
    );
  await startEngine(plan.engine.name);
  const spec = adaptationSpec(job, loadSites({ ...plan.task, sites: [site] }, plan.profile.data, plan.data.folder));
  const { personal, global } = spec.bank;
  const experts = [...job.federation.sites, "global"];
  const models = [...personal, global];
  const modelOf = (name: string): State => {
    const found = models[experts.indexOf(name)];
    if (!found) throw new WorkbenchError(`no expert "${name}"`, `use one of ${experts.join(", ")}`);
    return found;
  };
  return {
    experts,
    distances: () =>
      experts.flatMap((a, row) =>
        experts.map((b, column) => ({ a, b, distance: distance(models[row], models[column]) })),
      ),
    async between(a, b, steps = 5) {
      const points: { share: number; dice: number }[] = [];
      for (let step = 0; step < steps; step++) {
        const share = step / (steps - 1);
        points.push({ share, dice: await score(spec, combine([modelOf(a), modelOf(b)], [1 - share, share])) });
      }
      return points;
    },
    gates: () => gatesOf(spec),
  };
}

async function score({ bank: { shape }, outside, lens }: AdaptationSpec, model: State): Promise<number> {
  return meanDice(await evaluateModel(shape, model, outside, { surfaces: false, lens }));
}

/** Every layer's gates of every image, `[batch, expert]` each. */
const gateRows = (shape: UNetShape) => chosen(rowsFor, { ...shape });

const rowsFor =
  (shape: UNetShape & Readonly<Record<string, number>>) =>
  ({ forward }: Sight): tf.Tensor[] => {
    const { taps } = forward();
    return unetLayers(shape).map(({ name }) => taps.get(name) as tf.Tensor2D);
  };

async function gatesOf(spec: AdaptationSpec): Promise<SliceGates[]> {
  const { shape } = spec.bank;
  const layers = unetLayers(shape).map(({ name }) => ({ name, rows: [] as number[][] }));
  const listened: Adaptation = {
    ...spec.method,
    open(context) {
      const slots: Slot[] = [];
      const adapter = spec.method.open({
        ...context,
        slot(config) {
          slots.push(context.slot(config));
          return slots[slots.length - 1];
        },
      });
      return {
        ...adapter,
        async predict(images) {
          const logits = await adapter.predict(images);
          const gates = slots[0].ask(gateRows(shape), images);
          for (const [index, { rows }] of layers.entries()) rows.push(...((await gates[index].array()) as number[][]));
          tf.dispose(gates);
          return logits;
        },
      };
    },
  };
  await runAdaptation({ ...spec, method: listened });
  const { count, cases } = spec.outside;
  // The last pass counts.
  return layers.flatMap(({ name, rows }) =>
    rows
      .slice(-count)
      .map((gates, slice) => ({
        slice,
        case: cases.find(({ first, count: of }) => slice >= first && slice < first + of)?.id ?? "",
        layer: name,
        gates,
      })),
  );
}
