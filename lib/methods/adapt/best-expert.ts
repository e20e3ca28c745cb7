import { z } from "zod";
import { mean } from "../../core/mean";
import { defineAdaptation } from "../contract";
import { expertsOf, openAnswering } from "../parts/experts";
import { entropiesOn, entropiesOver, indexOfLeast } from "../parts/surest";
import { openCurves } from "../parts/telemetry";

/** The expert that is surest of itself, by the entropy of its predictions, for all images or for each batch; of equals the first. */
export const bestExpert = defineAdaptation({
  id: "best-expert",
  title: "Surest expert",
  citation: "control: one model in place of a mixture, chosen by its entropy without labels",
  params: z.strictObject({
    scope: z
      .enum(["stream", "batch"])
      .default("stream")
      .describe("for what one expert is chosen: all images, which are looked at first, or each batch"),
  }),
  open({ bank, params: { scope }, slot }) {
    const experts = expertsOf(bank).map((state) => openAnswering({ bank, slot }, state, "running"));
    const curves = openCurves(["chosen", ...experts.map((_, expert) => `entropy/${expert}`)]);
    let chosen = 0;
    const choose = (entropies: readonly number[]) => {
      chosen = indexOfLeast(entropies);
      curves.add({ chosen, ...Object.fromEntries(entropies.map((value, expert) => [`entropy/${expert}`, value])) });
    };
    return {
      async before(visit) {
        if (scope === "stream") choose(await entropiesOver(visit, experts));
      },
      async predict(images) {
        if (scope === "batch") choose((await entropiesOn(images, experts)).map(mean));
        return experts[chosen].predict(images);
      },
      telemetry: curves.take,
      dispose: () => experts.forEach((expert) => expert.dispose()),
    };
  },
});
