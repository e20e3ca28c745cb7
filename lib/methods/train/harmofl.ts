import { z } from "zod";
import { defineTraining } from "../contract";
import { amplitudeOf, carrying, collecting, networkOf, normalising } from "../parts/amplitude";
import { sharp } from "../parts/directions";
import { announcing } from "../parts/announcing";

/**
 * HarmoFL (Jiang et al., AAAI 2022, Alg. 1): images are given the amplitudes of the whole federation, which clients gather in the first
 * round, and every step descends from where the weights are worst nearby. Clients weigh alike (med-air/HarmoFL 63182fe). Published: L is
 * 0 (amp_utils.pyx), so that only the DC term is replaced, and the momentum is cut to the integer 0: the first batch's amplitudes stay.
 */
export const harmofl = defineTraining({
  id: "harmofl",
  title: "HarmoFL",
  citation: "Jiang et al., HarmoFL: Harmonizing Local and Global Drifts in Federated Learning, AAAI 2022",
  params: z.strictObject({
    reading: z.enum(["published", "intended"]).default("intended").describe("what the code computes, or means to"),
    rho: z.number().min(0).default(0.05).describe("alpha: length of the step uphill (--alpha); 0: plain training"),
    L: z.number().min(0).max(0.5).default(0.1).describe("share of the shorter side that is normalised; chosen"),
    momentum: z.number().min(0).max(1).default(0.1).describe("share of a batch in the running amplitudes (AmpNorm)"),
    amplitude: z.boolean().default(true).describe("whether amplitudes are normalised at all"),
  }),
  sees(model, params) {
    const amplitude = amplitudeOf(model);
    return amplitude && normalising(amplitude, asRead(params));
  },
  server: announcing(amplitudeOf, networkOf),
  client: {
    async round({ received, kept, params, train }) {
      const known = amplitudeOf(received.model) ?? kept.amplitude;
      const gathered = known || !params.amplitude ? undefined : collecting(asRead(params));
      const { model } = await train(
        {
          model: {
            start: networkOf(received.model),
            recipe: { direction: params.rho > 0 ? sharp(params.rho) : undefined },
          },
        },
        { lens: known ? normalising(known, asRead(params)) : gathered?.lens },
      );
      return { send: { model: carrying(model, gathered?.amplitude()) }, keep: known ? { amplitude: known } : kept };
    },
  },
});

interface Switches {
  readonly reading: "published" | "intended";
  readonly L: number;
  readonly momentum: number;
}

const asRead = ({ reading, L, momentum }: Switches) =>
  reading === "published" ? { L: 0, momentum: 0 } : { L, momentum };
