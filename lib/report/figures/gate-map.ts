import { mean } from "../../core/mean";
import type { AdaptationRecord, FederationRecord } from "../../records/schema";
import type { VegaLiteSpec } from "../figure";
import { okabeIto } from "../palette";

const prefix = "gate/";

/** Whether an adaptation recorded what its gates chose. */
export function hasGates({ epochs, diverged }: AdaptationRecord): boolean {
  const last = epochs[epochs.length - 1]?.telemetry ?? {};
  return diverged === undefined && Object.keys(last).some((key) => key.startsWith(prefix));
}

/** From closed over where every gate starts to open. */
export const gateColours = [okabeIto.blue, "#f4f4f4", okabeIto.vermilion] as const;

/** Where every gate starts: at one half, or, where the gates of a layer sum to one, alike. @returns a gate */
function neutralOf(adaptations: readonly AdaptationRecord[]): number {
  const [{ params, epochs } = { params: undefined, epochs: [] }] = adaptations;
  if (params?.gate !== "softmax") return 0.5;
  const gates = Object.entries(epochs[epochs.length - 1]?.telemetry ?? {}).find(([key]) => key.startsWith(prefix));
  return 1 / (gates?.[1].length ?? 2);
}

/** @returns how far from where they start the gates of the last epochs lie, at most: maps of the same reach can be compared by their colours */
export function gateReach(adaptations: readonly AdaptationRecord[]): number {
  const neutral = neutralOf(adaptations);
  const gates = adaptations.flatMap(({ epochs }) =>
    Object.entries(epochs[epochs.length - 1]?.telemetry ?? {}).flatMap(([key, of]) =>
      key.startsWith(prefix) ? of : [],
    ),
  );
  return gates.reduce((most, gate) => Math.max(most, Math.abs(gate - neutral)), 0.001);
}

/** The experts by name, in their order: the parameter `experts` of routing says which models are mixed. */
function expertsOf(clients: readonly string[], params: AdaptationRecord["params"] | undefined): readonly string[] {
  const { experts = "all", leftOut = 0 } = (params ?? {}) as { experts?: string; leftOut?: number };
  if (experts === "personal") return clients;
  if (experts === "global") return ["global"];
  return [...clients.filter((_, client) => experts !== "others" || client !== leftOut), "global"];
}

/**
 * What the gates chose: mean gate of every expert in every routed layer in the last epoch. Over several held-out sites an expert's mean
 * is taken where it took part: experts are named by the client whose model they are, or `global`.
 * @param federations those that the adaptations started from; they know the order of the clients
 * @param reach how far from where gates start the colours go; from `gateReach` of all that is to be compared
 */
export function gateMap(
  adaptations: readonly AdaptationRecord[],
  federations: readonly FederationRecord[],
  title: string,
  reach = gateReach(adaptations),
): VegaLiteSpec {
  const cells = new Map<string, { layer: string; expert: string; gates: number[] }>();
  for (const { federation, epochs, params } of adaptations) {
    const experts = expertsOf(federations.find(({ id }) => id === federation)?.sites ?? [], params);
    for (const [key, gates] of Object.entries(epochs[epochs.length - 1]?.telemetry ?? {})) {
      if (!key.startsWith(prefix)) continue;
      const layer = key.slice(prefix.length).replace(/^.*\./, "");
      gates.forEach((gate, index) => {
        // As published, ordinary convolutions leave the last client out.
        const last = index === gates.length - 1 && experts[experts.length - 1] === "global";
        const expert = last ? "global" : (experts[index] ?? `client ${index + 1}`);
        const cell = cells.get(`${layer}/${expert}`) ?? { layer, expert, gates: [] };
        cell.gates.push(gate);
        cells.set(`${layer}/${expert}`, cell);
      });
    }
  }
  const clientsFirst = [...new Set(Array.from(cells.values(), ({ expert }) => expert))].sort(
    (a, b) => Number(a === "global") - Number(b === "global") || (a < b ? -1 : 1),
  );
  const neutral = neutralOf(adaptations);
  return {
    title,
    description:
      "Mean gate of every expert (columns) in every routed layer (rows), in the last epoch, over the held-out sites in which it took part.",
    data: { values: Array.from(cells.values(), ({ layer, expert, gates }) => ({ layer, expert, gate: mean(gates) })) },
    width: { step: 64 },
    height: { step: 17 },
    mark: "rect",
    encoding: {
      x: {
        field: "expert",
        type: "nominal",
        sort: clientsFirst,
        title: "whose model",
        axis: { labelAngle: 0, orient: "top" },
      },
      y: { field: "layer", type: "nominal", sort: null, title: "layer, from input to output" },
      color: {
        field: "gate",
        type: "quantitative",
        title: "mean gate",
        scale: { domain: [Math.max(0, neutral - reach), neutral, neutral + reach], range: gateColours },
      },
      tooltip: [{ field: "layer" }, { field: "expert" }, { field: "gate", format: ".3f" }],
    },
  };
}
