import { type State } from "../../lib/core/state";
import { trainOnBatches } from "../../lib/federation/client/local-training";
import type { ClientState, InsideMethod, LocalContext } from "../../lib/methods/contract";
import { insideMethod } from "../../lib/methods/registry";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import { slicesOf } from "./federation";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { besideStored, shapeOf, stateOf } from "./network";

interface Settings {
  readonly samples: readonly number[];
  readonly local_epochs: number;
  readonly optimiser: OptimiserConfig & { readonly lr: number };
  readonly mu: readonly number[];
  readonly ditto_lambda: number;
  readonly apfl_alpha: number;
}

interface Outcome {
  readonly global: State;
  readonly clients: readonly ClientState[];
  /** The models that predict for the clients. */
  readonly personal: readonly State[];
}

/** FedAvg, FedProx, FedBN, Ditto, APFL and FedRep over several rounds, with the oracle's batches, by the method files themselves. */
export const check: GoldenCheck = {
  name: "baselines",
  engine: true,
  async run(golden) {
    const { mu, ditto_lambda: lambda, apfl_alpha: alpha } = golden.json.settings as Settings;
    const compare = (key: string, state: State, group: string) => {
      const { got, want } = besideStored(golden, state, `${key}/`);
      golden.compare(key, got, want, group);
    };
    const compareGlobal = (name: string, { global }: Outcome) => compare(`${name}/global`, global, `${name}/global`);
    const compareClients = (place: string, states: readonly State[]) =>
      states.forEach((state, client) => compare(`${place}/${client}`, state, place));

    compareGlobal("fedavg", await federate(golden, "fedavg", {}));
    for (const strength of mu)
      compareGlobal(`fedprox_mu${strength}`, await federate(golden, "fedprox", { mu: strength }));
    compareClients("fedbn/clients", (await federate(golden, "fedbn", {})).personal);
    compareClients("fedrep/clients", (await federate(golden, "fedrep", {})).personal);

    const ditto = await federate(golden, "ditto", { lambda });
    compareGlobal("fedavg", ditto);
    compareClients("ditto/personal", ditto.personal);
    const apfl = await federate(golden, "apfl", { alpha });
    compareGlobal("fedavg", apfl);
    compareClients(
      "apfl/private",
      apfl.clients.map(({ own }) => own),
    );
  },
};

async function federate(golden: GoldenCase, id: string, given: Record<string, number>): Promise<Outcome> {
  const {
    samples,
    local_epochs: epochs,
    optimiser: { kind, lr },
  } = golden.json.settings as Settings;
  const schedule = golden.json.schedule as readonly (readonly (readonly number[][])[])[];
  const method: InsideMethod = insideMethod(id);
  const params = method.params.parse(given);
  const shape = shapeOf(golden, "init/");
  const start = stateOf(golden, "init/");
  if (epochs !== 1) throw new Error(`the schedule is read as one epoch a pass, not ${epochs}`);
  let global = start;
  let clients: ClientState[] = samples.map(() => method.start(start));
  for (const [index, batchesOfClients] of schedule.entries()) {
    const uploads: State[] = [];
    const next: ClientState[] = [];
    for (const [client, batches] of batchesOfClients.entries()) {
      const common = { shape, slices: slicesOf(golden, client), batches, optimiser: { kind, learningRate: lr } };
      const context: LocalContext<unknown> = {
        round: index + 1,
        global,
        client: clients[client],
        params,
        train: async (from, options) => (await trainOnBatches({ ...common, start: from, ...options })).state,
        async trainMixture(from, shared, share) {
          const { state, other } = await trainOnBatches({ ...common, start: from, mixture: { with: shared, share } });
          return { own: state, shared: other as State };
        },
      };
      const { upload, client: kept } = await method.local(context);
      if (upload) uploads.push(upload);
      next.push(kept);
    }
    clients = next;
    global = method.aggregate(uploads, samples, global);
  }
  return { global, clients, personal: clients.map((client) => method.predictWith(client, global)) };
}
