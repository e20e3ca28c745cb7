import { mean } from "../core/mean";
import type { AdaptationRecord, FederationRecord } from "../records/schema";
import { hasGates } from "../report/figures/gate-map";
import { bootstrapInterval, type Interval } from "../stats/bootstrap";
import { rankCorrelation } from "../stats/rank-correlation";

/** How much routing takes of a client's model for the images of a held-out site, and how far that client's images are from these. */
export interface GateAndGap {
  readonly heldOut: string;
  readonly expert: string;
  /** The client's gate as a share of all gates of a layer, in the last pass; mean over layers and seeds. */
  readonly share: number;
  /** In whatever unit the gaps have. */
  readonly gap: number;
}

interface Gap {
  readonly a: string;
  readonly b: string;
  readonly distance: number;
}

/** @param gaps between every two sites @returns a point for each held-out site and client; the global model has no place of its own */
export function gatesAndGaps(
  adaptations: readonly AdaptationRecord[],
  federations: readonly FederationRecord[],
  gaps: readonly Gap[],
): readonly GateAndGap[] {
  const found = new Map<string, { heldOut: string; expert: string; shares: number[] }>();
  for (const record of adaptations.filter(hasGates)) {
    const { heldOut, federation, epochs } = record;
    const clients = federations.find(({ id }) => id === federation)?.sites ?? [];
    const layers = Object.entries(epochs[epochs.length - 1].telemetry).filter(([key]) => key.startsWith("gate/"));
    // A layer without the last client has nothing to say of it.
    const whole = layers.map(([, gates]) => gates).filter((gates) => gates.length === clients.length + 1);
    clients.forEach((expert, client) => {
      const key = JSON.stringify([heldOut, expert]);
      const shares = whole.map((gates) => gates[client] / gates.reduce((sum, gate) => sum + gate, 0));
      const known = found.get(key) ?? { heldOut, expert, shares: [] };
      found.set(key, { ...known, shares: [...known.shares, ...shares] });
    });
  }
  return [...found.values()].flatMap(({ heldOut, expert, shares }) => {
    const gap = gaps.find(({ a, b }) => a === heldOut && b === expert)?.distance;
    return gap === undefined || shares.length === 0 ? [] : [{ heldOut, expert, share: mean(shares), gap }];
  });
}

/**
 * Whether gates follow the gap: Spearman's correlation of share and gap within each held-out site, and its mean over sites with a 95 %
 * interval. Negative: the nearest clients are taken most.
 */
export function gateCorrelation(
  points: readonly GateAndGap[],
): Interval & { readonly sites: readonly { readonly heldOut: string; readonly correlation: number }[] } {
  const names = [...new Set(points.map(({ heldOut }) => heldOut))];
  const sites = names
    .map((heldOut) => {
      const own = points.filter((point) => point.heldOut === heldOut);
      const of = (pick: (point: GateAndGap) => number) => own.map(pick);
      return {
        heldOut,
        correlation: rankCorrelation(
          of(({ share }) => share),
          of(({ gap }) => gap),
        ),
      };
    })
    .filter(({ correlation }) => !Number.isNaN(correlation));
  // Sites are drawn here: the question is about sites, of which these are a sample.
  const strata = [sites.map(({ correlation }) => [correlation])];
  return { ...bootstrapInterval(strata, { range: [-1, 1] }), sites };
}
