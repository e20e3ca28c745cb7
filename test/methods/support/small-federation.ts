import type { Entry } from "../../../lib/core/layout";
import { createRandom } from "../../../lib/core/random";
import { valuesOf, type State } from "../../../lib/core/state";
import type { SiteData } from "../../../lib/data/set/types";
import type { TrainingConfig } from "../../../lib/federation/client/batches";
import {
  predictorOf,
  runFederation,
  startFederation,
  type FederationSpec,
} from "../../../lib/federation/round/federation";
import type { Training } from "../../../lib/methods/contract";
import { trainingOf } from "../../../lib/methods/registry";
import { initialiseUNet } from "../../../lib/nets/model/initialise";
import { smallSite } from "../../federation/support/small-site";

export const shape = { inChannels: 3, classes: 2, features: 2 };
export const start = initialiseUNet(shape, createRandom("weights"));
export const sites = [
  smallSite("A", { train: 5, validation: 2, test: 2 }),
  smallSite("B", { train: 3, validation: 2, test: 2 }),
];
const training = { optimiser: { kind: "adam-amsgrad", learningRate: 0.01 }, batch: 2, localEpochs: 1 } as const;

interface Options extends Partial<Pick<FederationSpec, "cohort">> {
  readonly rounds?: number;
  readonly clients?: readonly SiteData[];
  readonly training?: Partial<TrainingConfig>;
}

/** A federation of two small sites, as every method is tried on. @param method an id, or a method that has none */
export async function federateSmall(method: string | Training, given: object = {}, options: Options = {}) {
  const { rounds = 2, clients = sites, cohort } = options;
  const chosen = typeof method === "string" ? trainingOf(method) : method;
  const progress: [number, number][] = [];
  const spec: FederationSpec = {
    shape,
    method: chosen,
    params: chosen.params.parse(given),
    clients,
    training: { ...training, ...options.training },
    rounds,
    start,
    random: createRandom("batches"),
    cohort,
  };
  const final = await runFederation(spec, startFederation(spec), {
    onBatch: (done, total) => void progress.push([done, total]),
  });
  const personal = clients.map((_, client) => predictorOf(spec, final, client));
  return { ...final, global: final.server.model, personal, progress };
}

/** @returns the bytes of some entries of the network */
export const bytesOf = (wanted: (entry: Entry) => boolean): number =>
  4 * start.layout.filter(wanted).reduce((sum, { size }) => sum + size, 0);

/** @returns the entries in which two states differ */
export const differing = (a: State, b: State): Entry[] =>
  a.layout.filter(({ name }) => valuesOf(a, name).some((value, i) => value !== valuesOf(b, name)[i]));
