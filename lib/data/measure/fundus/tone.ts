import { card, middle } from "./test-card";
import { mean } from "../../../core/mean";
import { fitLine } from "../measure";
import type { FundusCamera } from "../../phantom/fundus/config";

/** Grey cards of these reflectances. */
const greys = [0.08, 0.16, 0.24, 0.32, 0.4, 0.48, 0.56] as const;

/** How a colour's signal follows from its grey value: `(value / 255)^(1 / gamma) = lift + gain reflectance`. */
export interface ToneCurve {
  readonly gamma: number;
  readonly gain: number;
  readonly lift: number;
}

/** The signal that a grey value stands for. */
export const signalOf = (value: number, { gamma }: Pick<ToneCurve, "gamma">) => (value / 255) ** (1 / gamma);

/**
 * Of all powers the one that turns the middle of grey cards into a line over their reflectance (the test of ISO 14524), for each
 * colour.
 */
export function measureTone(camera: FundusCamera): ToneCurve[] {
  const cards = greys.map((grey) => card(camera, () => grey, { label: `grey/${grey}` }));
  return [0, 1, 2].map((colour) => {
    const values = cards.map((photo) => middle(photo, colour, 0.15));
    const candidates = Array.from({ length: 161 }, (_, i) => 0.6 + i / 200).map((gamma) => {
      const signals = values.map((value) => signalOf(value, { gamma }));
      const { slope: gain, intercept: lift } = fitLine(greys, signals);
      return {
        gamma,
        gain,
        lift,
        rest: mean(signals.map((signal, i) => (signal - lift - gain * greys[i]) ** 2)) / (gain * gain),
      };
    });
    return candidates.reduce((best, each) => (each.rest < best.rest ? each : best));
  });
}
