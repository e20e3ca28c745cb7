/** What test-time routing saw of itself in one pass: the losses before every step, and the mean gates of every layer. */
export interface RoutingTelemetry {
  /** @param gates each layer's, one behind the other, averaged over the batch */
  add(losses: Readonly<Record<string, number>>, gates: readonly number[]): void;
  /** Curves of the losses by `loss/<term>`, each layer's gates averaged over the batches by `gate/<layer>`; clears both. */
  take(): Readonly<Record<string, readonly number[]>>;
}

/** @param layers with their numbers of experts */
export function openTelemetry(layers: readonly (readonly [name: string, experts: number])[]): RoutingTelemetry {
  const losses: Readonly<Record<string, number>>[] = [];
  const gates: (readonly number[])[] = [];
  return {
    add(loss, seen) {
      losses.push(loss);
      gates.push(seen);
    },
    take() {
      const curves = Object.keys(losses[0] ?? {}).map(
        (term) => [`loss/${term}`, losses.map((loss) => loss[term])] as const,
      );
      let position = 0;
      const means = layers.map(([layer, experts]) => {
        const place = position;
        position += experts;
        return [`gate/${layer}`, meanOf(gates.map((batch) => batch.slice(place, place + experts)))] as const;
      });
      const taken = Object.fromEntries([...curves, ...(gates.length > 0 ? means : [])]);
      losses.length = gates.length = 0;
      return taken;
    },
  };
}

/** The mean of equally long rows, number by number. */
function meanOf(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, index) => rows.reduce((sum, row) => sum + row[index], 0) / rows.length);
}
