import { WorkbenchError } from "../core/errors";
import { bestExpert } from "./adapt/best-expert";
import { bnAdapt } from "./adapt/bn-adapt";
import { cotta } from "./adapt/cotta";
import { dltta } from "./adapt/dltta";
import { domainAdaptor } from "./adapt/domain-adaptor";
import { ensemble } from "./adapt/ensemble";
import { globalModel } from "./adapt/global-model";
import { greedySoup } from "./adapt/greedy-soup";
import { iopRouting } from "./adapt/iop-routing";
import { memo } from "./adapt/memo";
import { shot } from "./adapt/shot";
import { soup } from "./adapt/soup";
import { sparseWeights } from "./adapt/sparse-weights";
import { staticGates } from "./adapt/static-gates";
import { t3a } from "./adapt/t3a";
import { tent } from "./adapt/tent";
import { tttAdapt } from "./adapt/ttt";
import { uniformRouting } from "./adapt/uniform-routing";
import type { Adaptation, Training } from "./contract";
import { apfl } from "./train/apfl";
import { bigAug } from "./train/bigaug";
import { centralised } from "./train/centralised";
import { ditto } from "./train/ditto";
import { fedamp } from "./train/fedamp";
import { fedavg } from "./train/fedavg";
import { fedavgFinetuned } from "./train/fedavg-finetuned";
import { fedavgLocal } from "./train/fedavg-local";
import { fedbabu } from "./train/fedbabu";
import { fedbn } from "./train/fedbn";
import { feddg } from "./train/feddg";
import { fedper } from "./train/fedper";
import { fedprox } from "./train/fedprox";
import { fedrep } from "./train/fedrep";
import { harmofl } from "./train/harmofl";
import { iopFl } from "./train/iop-fl";
import { jigen } from "./train/jigen";
import { lgFedavg } from "./train/lg-fedavg";
import { localOnly } from "./train/local-only";
import { mixStyle } from "./train/mixstyle";
import { perFedavg } from "./train/per-fedavg";
import { pfedme } from "./train/pfedme";
import { prrFl } from "./train/prr-fl";
import { rsc } from "./train/rsc";
import { silobn } from "./train/silobn";
import { ttt } from "./train/ttt";

/** The training-time methods, in the order in which tables show them. */
export const trainings: readonly Training[] = [
  ...[localOnly, centralised, fedavg, fedavgLocal, fedavgFinetuned, fedprox],
  ...[fedbn, silobn, fedper, fedrep, fedbabu, lgFedavg],
  ...[apfl, ditto, pfedme, fedamp, perFedavg, prrFl, harmofl, iopFl],
  ...[mixStyle, rsc, jigen, bigAug, feddg, ttt],
];

/** The test-time methods, in the order in which tables show them. */
export const adaptations: readonly Adaptation[] = [
  ...[globalModel, bnAdapt, tent, shot, t3a, memo, tttAdapt, cotta, domainAdaptor, dltta],
  ...[ensemble, soup, bestExpert, greedySoup],
  ...[uniformRouting, staticGates, sparseWeights, iopRouting],
];

/** What others are measured against: one shared model. */
export const plainTraining: Training = fedavg;

/** What the paper proposes, inside and outside: what is benchmarked. */
export const proposed: { readonly training: Training; readonly adaptation: Adaptation } = {
  training: iopFl,
  adaptation: iopRouting,
};

/** @throws WorkbenchError that lists the known ids when `id` is not one of them */
export function trainingOf(id: string): Training {
  return find(trainings, id, "training-time method");
}

/** @throws WorkbenchError that lists the known ids when `id` is not one of them */
export function adaptationOf(id: string): Adaptation {
  return find(adaptations, id, "test-time method");
}

function find<Method extends { readonly id: string }>(methods: readonly Method[], id: string, kind: string): Method {
  const found = methods.find((method) => method.id === id);
  if (found) return found;
  throw new WorkbenchError(`unknown ${kind} "${id}"`, `use one of ${methods.map((method) => method.id).join(", ")}`);
}
