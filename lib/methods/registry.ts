import { WorkbenchError } from "../core/errors";
import type { InsideMethod, OutsideMethod } from "./contract";
import { apfl } from "./train/apfl";
import { ditto } from "./train/ditto";
import { fedavg } from "./train/fedavg";
import { fedbn } from "./train/fedbn";
import { fedprox } from "./train/fedprox";
import { fedrep } from "./train/fedrep";
import { iopFl } from "./train/iop-fl";
import { localOnly } from "./train/local-only";
import { globalModel } from "./adapt/global-model";
import { iopRouting } from "./adapt/iop-routing";

/** The training-time methods, in the order in which tables show them. */
export const insideMethods: readonly InsideMethod[] = [localOnly, fedavg, fedprox, fedbn, fedrep, apfl, ditto, iopFl];

/** The test-time methods, in the order in which tables show them. */
export const outsideMethods: readonly OutsideMethod[] = [globalModel, iopRouting];

/** @throws WorkbenchError that lists the known ids when `id` is not one of them */
export function insideMethod(id: string): InsideMethod {
  return find(insideMethods, id, "inside method");
}

/** @throws WorkbenchError that lists the known ids when `id` is not one of them */
export function outsideMethod(id: string): OutsideMethod {
  return find(outsideMethods, id, "outside method");
}

function find<Method extends { readonly id: string }>(methods: readonly Method[], id: string, kind: string): Method {
  const found = methods.find((method) => method.id === id);
  if (found) return found;
  throw new WorkbenchError(`unknown ${kind} "${id}"`, `use one of ${methods.map((method) => method.id).join(", ")}`);
}
