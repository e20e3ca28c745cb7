import { z } from "zod";
import { defineAdaptation } from "../contract";
import { expertsOf, openAnswering, soupOf, statisticsOf } from "../parts/experts";

/** One network that is the mean of all experts: what mixing weights gives without choosing them. */
export const soup = defineAdaptation({
  id: "soup",
  title: "Uniform soup",
  citation: "control: the mean of all models in place of a mixture for every image (Wortsman et al., ICML 2022)",
  params: z.strictObject({ statistics: statisticsOf("running") }),
  open({ bank, params: { statistics }, slot }) {
    const mean = openAnswering({ bank, slot }, soupOf(expertsOf(bank)), statistics);
    return { predict: async (images) => mean.predict(images), dispose: mean.dispose };
  },
});
