import { kernelHost } from "./kernel/host";

/**
 * Registers what to do when the user presses stop: a cell whose work winds down by itself is not cut off in the middle. (A listener to
 * SIGINT is told too, but the cell is given up at once.)
 * @returns takes the registration back
 */
export function onInterrupt(hook: () => void): () => void {
  const hooks = kernelHost()?.onInterrupt;
  hooks?.add(hook);
  return () => void hooks?.delete(hook);
}
