import type { Random } from "../../core/random";

/**
 * Who takes part in a federation, for how long, and how much each client counts. It is the same for every method, and what is drawn is
 * drawn from seed, round and site alone: neither the order of the clients nor who computes what changes it.
 */
export interface Protocol {
  /** C: share of the clients that are invited to each round, of which at least one is (McMahan et al., 2017, Alg. 1). Default: all. */
  readonly fraction?: number;
  /** Probability with which the update of an invited client never arrives; it has received, trained and kept its own. Default: 0. */
  readonly dropped?: number;
  /** E of single sites, by name. Default: everyone's local epochs. */
  readonly epochs?: Readonly<Record<string, number>>;
  /** n_k / n, or 1 / K over those whose updates arrived. Default: slices. */
  readonly weights?: "slices" | "uniform";
}

/** Places among the clients, ascending. */
export interface Cohort {
  /** Who receives, trains and keeps in a round. */
  readonly invited: readonly number[];
  /** Those among them whose updates do not arrive. */
  readonly lost: readonly number[];
}

/** @param random of the round alone */
export function drawCohort({ fraction = 1, dropped = 0 }: Protocol, sites: readonly string[], random: Random): Cohort {
  const lots = sites.map((site, client) => ({ client, site, lot: random.child("invited").child(site).uniform() }));
  const invited = lots
    .sort((a, b) => a.lot - b.lot)
    .slice(0, Math.max(1, Math.round(fraction * sites.length)))
    .map(({ client }) => client)
    .sort((a, b) => a - b);
  const lost = invited.filter((client) => random.child("lost").child(sites[client]).uniform() < dropped);
  return { invited, lost };
}

/** @returns how much a client counts where a server weighs clients */
export const weightOf = ({ weights = "slices" }: Protocol, slices: number): number =>
  weights === "slices" ? slices : 1;

/** @returns how many local epochs a site trains in a round */
export const epochsOf = ({ epochs = {} }: Protocol, site: string, everyone: number): number =>
  Object.hasOwn(epochs, site) ? epochs[site] : everyone;
