import { kernelHost } from "./host";
import { stopSign } from "./stop";

type Fit = (this: { stopTraining: boolean }, ...parameters: unknown[]) => Promise<unknown>;
type Methods = Record<string, Fit | undefined>;

const mended = new WeakSet<object>();

/**
 * TensorFlow.js's own training loops know nothing of the stop button and would train on after it. In a module that has them, `fit` and
 * `fitDataset` stop after the current batch; the cell then ends as stopped.
 */
export function makeFitStoppable(module: unknown): void {
  const methods = (module as { LayersModel?: { prototype: Methods } } | null | undefined)?.LayersModel?.prototype;
  if (!methods || mended.has(methods)) return;
  mended.add(methods);
  for (const name of ["fit", "fitDataset"]) {
    const fit = methods[name];
    if (fit) methods[name] = stoppable(fit);
  }
}

function stoppable(fit: Fit): Fit {
  return async function (...parameters) {
    let stopped = false;
    const stop = (): void => {
      stopped = true;
      this.stopTraining = true;
    };
    const hooks = kernelHost()?.onInterrupt;
    hooks?.add(stop);
    try {
      const history = await fit.apply(this, parameters);
      if (stopped) throw stopSign;
      return history;
    } finally {
      hooks?.delete(stop);
    }
  };
}
