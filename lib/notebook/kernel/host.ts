/** MIME types and their contents: text as string, bytes as base64, JSON types as objects (never as a JSON string). */
export type MimeData = Readonly<Record<string, unknown>>;

/** What the kernel offers to the library that runs inside it. */
export interface KernelHost {
  /** Sends a display to the front end; with `update`, replaces the one that was sent under the same `id`. */
  display(
    data: MimeData,
    metadata: Readonly<Record<string, unknown>>,
    options?: { id?: string; update?: boolean },
  ): void;
  /** Called when the user presses stop, before the running cell is given up. */
  readonly onInterrupt: Set<() => void>;
}

// The library is loaded afresh when it is edited, so the two meet under a global name.
const key = Symbol.for("iop-fl.kernel");
type Owner = { [key]?: KernelHost };

export function provideHost(host: KernelHost): void {
  (globalThis as Owner)[key] = host;
}

/** @returns the kernel this code runs in; undefined outside a notebook. */
export function kernelHost(): KernelHost | undefined {
  return (globalThis as Owner)[key];
}
