import type { State } from "../../lib/core/state";
import { trainingOf } from "../../lib/methods/registry";
import type { OptimiserConfig } from "../../lib/nets/run/optimisers";
import { federate, plain, slicesOf, type Indices, type Outcome } from "./federate";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { besideStored } from "./network";

interface Settings {
  readonly samples: readonly number[];
  readonly local_epochs: number;
  readonly rounds: number;
  readonly optimiser: OptimiserConfig & { readonly lr: number };
  readonly mu: readonly number[];
  readonly ditto_lambda: number;
  readonly apfl_alpha: number;
}

/** FedAvg, FedProx, FedBN, Ditto, APFL and FedRep over several rounds, with the oracle's batches, by the project's own loop. */
export const check: GoldenCheck = {
  name: "baselines",
  engine: true,
  async run(golden) {
    const { mu, ditto_lambda: lambda, apfl_alpha: alpha } = golden.json.settings as Settings;
    const compare = (key: string, state: State, group: string) => {
      const { got, want } = besideStored(golden, state, `${key}/`);
      golden.compare(key, got, want, group);
    };
    const compareGlobal = (name: string, { server }: Outcome) =>
      compare(`${name}/global`, server.model, `${name}/global`);
    const compareClients = (place: string, states: readonly State[]) =>
      states.forEach((state, client) => compare(`${place}/${client}`, state, place));

    compareGlobal("fedavg", await run(golden, "fedavg", {}));
    for (const strength of mu) compareGlobal(`fedprox_mu${strength}`, await run(golden, "fedprox", { mu: strength }));
    compareClients("fedbn/clients", (await run(golden, "fedbn", {})).personal);
    compareClients("fedrep/clients", (await run(golden, "fedrep", {})).personal);

    const ditto = await run(golden, "ditto", { lambda });
    compareGlobal("fedavg", ditto);
    compareClients("ditto/personal", ditto.personal);
    const apfl = await run(golden, "apfl", { alpha });
    compareGlobal("fedavg", apfl);
    compareClients(
      "apfl/private",
      apfl.clients.map((kept) => kept.read().own),
    );
  },
};

function run(golden: GoldenCase, id: string, params: Readonly<Record<string, number>>): Promise<Outcome> {
  const { samples, rounds, optimiser, local_epochs: epochs } = golden.json.settings as Settings;
  if (epochs !== 1) throw new Error(`the schedule is read as one epoch a pass, not ${epochs}`);
  return federate(golden, {
    method: trainingOf(id),
    params,
    rounds,
    optimiser: { kind: optimiser.kind, learningRate: optimiser.lr },
    batches: plain(golden.json.schedule as readonly (readonly (readonly Indices[])[])[]),
    clients: samples.map((_, client) => slicesOf(golden, client)),
  });
}
