import { kernelHost } from "./kernel/host";

/**
 * Registers what to do when the user presses stop: a cell whose work winds down by itself is not cut off in the middle. (A SIGINT
 * handler inside a cell makes the kernel deaf to the stop button; use this instead.)
 * @returns takes the registration back
 */
export function onInterrupt(hook: () => void): () => void {
  const hooks = kernelHost()?.onInterrupt;
  hooks?.add(hook);
  return () => void hooks?.delete(hook);
}
