import type { AdaptationRecord } from "../../lab/records";
import type { VegaLiteSpec } from "../figure";

const prefix = "gate/";

/**
 * What the gates chose: mean gate of every expert in every routed layer in the last epoch, averaged over the records given (one held-out
 * site, or several). The last expert is the global model.
 */
export function gateMap(records: readonly AdaptationRecord[], title: string): VegaLiteSpec {
  const sums = new Map<string, number[]>();
  for (const { epochs } of records) {
    for (const [key, gates] of Object.entries(epochs[epochs.length - 1].telemetry)) {
      if (!key.startsWith(prefix)) continue;
      const sum = sums.get(key) ?? gates.map(() => 0);
      sums.set(key, gates.map((gate, expert) => (sum[expert] ?? 0) + gate / records.length));
    }
  }
  const values = Array.from(sums).flatMap(([key, gates], order) =>
    gates.map((gate, expert) => ({ layer: key.slice(prefix.length), order, expert: expert === gates.length - 1 ? "global" : `client ${expert + 1}`, gate })),
  );
  return {
    title,
    data: { values },
    width: 260,
    height: { step: 15 },
    mark: "rect",
    encoding: {
      x: { field: "expert", type: "nominal", sort: null, title: null, axis: { labelAngle: 0 } },
      y: { field: "layer", type: "nominal", sort: { field: "order" }, title: null },
      color: { field: "gate", type: "quantitative", title: "mean gate", scale: { scheme: "viridis" } },
    },
  };
}
