import { WorkbenchError } from "../core/errors";
import type { InsideMethod, OutsideMethod } from "./contract";
import { apfl } from "./inside/apfl";
import { ditto } from "./inside/ditto";
import { fedavg } from "./inside/fedavg";
import { fedbn } from "./inside/fedbn";
import { fedprox } from "./inside/fedprox";
import { fedrep } from "./inside/fedrep";
import { iopFl } from "./inside/iop-fl";
import { localOnly } from "./inside/local-only";
import { globalModel } from "./outside/global-model";
import { iopRouting } from "./outside/iop-routing";

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
