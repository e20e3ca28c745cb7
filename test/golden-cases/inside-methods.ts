import { distance, type State } from "../../lib/core/state";
import { attention, cloudModel } from "../../lib/methods/parts/attention";
import { perClient } from "../../lib/methods/parts/per-client";
import type { GoldenCase, GoldenCheck } from "./golden-case";
import { checkHarmofl } from "./inside-harmofl";
import { checkPrr } from "./inside-prr";
import { checkInside, compareState, floats, settingsOf, type InsideRun } from "./inside-run";

/** Inside methods over several rounds, with the oracle's batches, by the project's own loop; what travels is counted beside it. */
export const check: GoldenCheck = {
  name: "inside-methods",
  engine: true,
  async run(golden) {
    for (const run of [...controls(golden), ...methods(golden)]) await checkInside(golden, run);
    await checkFedamp(golden);
    for (const run of cohorts(golden)) await checkInside(golden, run);
    await checkHarmofl(golden);
    await checkPrr(golden);
  },
};

function controls(golden: GoldenCase): InsideRun[] {
  const { iop_alphas: alphas, iop_rounds: rounds, tune_lr: rate } = settingsOf(golden);
  const iop = { id: "iop-fl", counted: "iop", rounds };
  return [
    { place: "local", id: "local-only" },
    { place: "centralised", id: "centralised", batches: "pooled" },
    { place: "fedavg", id: "fedavg" },
    { place: "fedavg_local", id: "fedavg-local" },
    { place: "fedavg_ft", id: "fedavg-finetuned", params: { rate } },
    ...alphas.map((alpha) => ({ ...iop, place: `iop_alpha${alpha}`, params: { alpha } })),
    { ...iop, place: "iop_global", predicts: "global" },
  ];
}

function methods(golden: GoldenCase): InsideRun[] {
  const { ditto_lambda: lambda, pfedme, perfedavg, tune_lr: rate } = settingsOf(golden);
  return [
    { place: "silobn", id: "silobn" },
    { place: "fedper", id: "fedper" },
    { place: "lg_fedavg", id: "lg-fedavg" },
    { place: "fedbabu", id: "fedbabu", params: { rate } },
    { place: "ditto_interleaved", id: "ditto", params: { lambda } },
    { place: "pfedme", id: "pfedme", params: pfedme },
    { place: "perfedavg", id: "per-fedavg", params: perfedavg, batches: "pairs" },
  ];
}

/** FedAvg under four protocols. */
function cohorts(golden: GoldenCase): InsideRun[] {
  const { samples, cohort, epochs } = settingsOf(golden);
  const all = samples.map((_, client) => client);
  const invited = (round: number) => ({ invited: cohort.cohorts[round - 1], lost: [] });
  const losing = (round: number) => ({ invited: all, lost: cohort.lost[round - 1] });
  const sites = Object.fromEntries(epochs.map((count, client) => [`client${client}`, count]));
  return [
    { place: "cohort_fraction", id: "fedavg", cohort: invited },
    { place: "cohort_dropped", id: "fedavg", cohort: losing },
    { place: "cohort_uniform", id: "fedavg", protocol: { weights: "uniform" } },
    { place: "cohort_epochs", id: "fedavg", protocol: { epochs: sites }, batches: "unequal" },
  ];
}

async function checkFedamp(golden: GoldenCase): Promise<void> {
  const { fedamp, rounds } = settingsOf(golden);
  const params = { sigma: fedamp.sigma, alpha: fedamp.alpha_K, lambda: fedamp.lambda };
  await checkInside(golden, {
    place: "fedamp",
    id: "fedamp",
    params,
    onRound({ server, history }) {
      // What the last round starts from.
      if (history.length === rounds - 1)
        compareState(golden, "fedamp/cloud/0", checkKernel(golden, perClient.all(server), params));
    },
  });
  await checkInside(golden, { place: "fedamp_own_start", id: "fedamp", params: { ...params, start: "own" } });
}

function checkKernel(
  golden: GoldenCase,
  models: readonly State[],
  { sigma, alpha }: { readonly sigma: number; readonly alpha: number },
): State {
  const compare = (part: string, got: readonly number[]) =>
    golden.compare(`fedamp/kernel/${part}`, got, floats(golden, `fedamp/kernel/${part}`), "fedamp/kernel");
  compare(
    "distance",
    models.flatMap((one) => models.map((other) => distance(one, other) ** 2)),
  );
  const apart = models.flatMap((one, i) => models.slice(i + 1).map((other) => distance(one, other) ** 2));
  apart.sort((a, b) => a - b);
  const middle = (apart.length - 1) / 2;
  compare("median", [(apart[Math.floor(middle)] + apart[Math.ceil(middle)]) / 2]);
  compare("xi", attention(models, sigma, alpha).flat());
  return cloudModel(models, 0, { sigma, alpha });
}
