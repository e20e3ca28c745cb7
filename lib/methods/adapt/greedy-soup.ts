import { z } from "zod";
import type { State } from "../../core/state";
import { defineAdaptation } from "../contract";
import { expertsOf, openAnswering, soupOf, type Answering } from "../parts/experts";
import { entropiesOver, risingOrder } from "../parts/surest";

/**
 * A greedy soup (Wortsman et al., ICML 2022) whose criterion is the entropy over all images, since an outside site has no labels: experts
 * from the surest on are taken into the mean while its entropy does not rise.
 */
export const greedySoup = defineAdaptation({
  id: "greedy-soup",
  title: "Greedy soup (entropy)",
  citation: "control: a soup of chosen models (Wortsman et al., ICML 2022), by entropy in place of labels",
  params: z.strictObject({}),
  open({ bank, slot }) {
    const experts = expertsOf(bank);
    let soup: Answering | undefined;
    let told: Readonly<Record<string, readonly number[]>> = {};
    return {
      async before(visit) {
        const entropyOf = async (state: State): Promise<number> => {
          const trial = openAnswering({ bank, slot }, state, "running");
          const [entropy] = await entropiesOver(visit, [trial]).finally(() => trial.dispose());
          return entropy;
        };
        const alone: number[] = [];
        for (const expert of experts) alone.push(await entropyOf(expert));
        const order = risingOrder(alone);
        let chosen: State[] = [];
        let best = Infinity;
        const [tried, taken]: number[][] = [[], []];
        for (const index of order) {
          const trial = [...chosen, experts[index]];
          const entropy = await entropyOf(soupOf(trial));
          tried.push(entropy);
          taken.push(entropy <= best ? 1 : 0);
          if (entropy <= best) [chosen, best] = [trial, entropy];
        }
        soup?.dispose();
        soup = openAnswering({ bank, slot }, soupOf(chosen), "running");
        told = { order, tried, taken };
      },
      async predict(images) {
        if (!soup) throw new RangeError("a greedy soup is chosen before it predicts");
        return soup.predict(images);
      },
      telemetry: () => told,
      dispose: () => soup?.dispose(),
    };
  },
});
