import type { Bundle } from "./bundle";
import { kernelHost } from "./kernel/host";
import { present } from "./present";

/**
 * Shows something at once, in the middle of a cell: `await show(figure(spec))`, `show(table(rows))`.
 * Outside a notebook it prints the text form.
 * @param value a bundle, a data frame, a tensor, any other value, or a promise of one
 */
export async function show(value: unknown): Promise<void> {
  send(present(await value));
}

/** Shows a bundle under a name; a later call with the same name and `update` replaces it in place. */
export function send(bundle: Bundle, options: { id?: string; update?: boolean } = {}): void {
  const host = kernelHost();
  if (host) host.display(bundle.data, bundle.metadata, options);
  else process.stdout.write(`${String(bundle.data["text/plain"])}\n`);
}
