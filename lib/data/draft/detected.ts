/** How the files of a folder seem to lie, in the words of a task. */
export interface Detected {
  readonly sites: readonly string[];
  readonly layout: Readonly<Record<string, unknown>> & { readonly kind: string };
}
