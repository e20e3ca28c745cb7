import type { GoldenCase, GoldenCheck } from "./golden-case";
import { asStored } from "./network";
import { checkAppearances } from "./outside-bigaug";
import { checkChallenges } from "./outside-challenges";
import { checkControls } from "./outside-controls";
import { checkDomainAdaptor } from "./outside-domain-adaptor";
import { confidenceDraws, routingDraws } from "./outside-draws";
import { checkFedDg } from "./outside-feddg";
import { checkHeads } from "./outside-heads";
import { checkImages } from "./outside-images";
import { checkMixStyle } from "./outside-mixstyle";
import { checkNorms } from "./outside-norms";
import { checkShot } from "./outside-shot";
import { checkSparseWeights } from "./outside-sparse";
import { checkSupports } from "./outside-supports";
import { compareSlot, compareTold, floats, openStream, passStream, type StreamSettings } from "./outside-stream";

export interface OutsideSettings extends StreamSettings {
  readonly views: number;
  readonly routing: { readonly lr: number; readonly noise: number };
  readonly "softmax-gates": { readonly dropout: number };
  readonly cotta: Readonly<Record<"lr" | "noise" | "momentum" | "threshold" | "restore", number>>;
  readonly step: { readonly lr: number };
}

/** Outside methods over the oracle's stream with its draws, by the project's own adapters and training loop. */
export const check: GoldenCheck = {
  name: "outside-methods",
  engine: true,
  async run(golden) {
    const { routing, cotta, views, ...settings } = golden.json.settings as OutsideSettings;
    const objective = { entropyAxis: "batch", stopGradientTarget: false, sigma: routing.noise };
    const routed = { ...objective, learningRate: routing.lr, epochs: 1 };
    await checkStream(golden, "global", "global", {});
    await checkStream(golden, "uniform-routing", "iop-fl", { ...routed, gate: "uniform", dropout: 0 });
    await checkStream(golden, "softmax-gates/plain", "iop-fl", { ...routed, gate: "softmax", dropout: 0 });
    await checkStream(golden, "uniform-routing", "uniform-routing", { ...routed, loss: "routing" });
    await checkStream(golden, "static-gates", "static-gates", routed);
    await checkSparseWeights(golden);
    const { dropout } = settings["softmax-gates"];
    await checkStream(golden, "softmax-gates/dropout", "iop-fl", { ...routed, gate: "softmax", dropout });
    const { lr: learningRate, noise: sigma, momentum, threshold, restore } = cotta;
    await checkStream(golden, "cotta", "cotta", { learningRate, sigma, momentum, threshold, restore, views });
    await checkMixStyle(golden, settings.step.lr);

    await checkControls(golden);
    await checkNorms(golden);
    await checkShot(golden);
    await checkImages(golden);
    await checkDomainAdaptor(golden);
    await checkSupports(golden);
    await checkHeads(golden);
    await checkChallenges(golden);
    await checkAppearances(golden);
    await checkFedDg(golden);
  },
};

/** Takes a method over the stream, batch by batch, and compares what it predicts, lost and changed. */
async function checkStream(golden: GoldenCase, place: string, id: string, params: object): Promise<void> {
  const { batches, routing, cotta } = golden.json.settings as OutsideSettings;
  let batch = 0;
  const { adapter, slots, visit } = openStream(golden, {
    id,
    params,
    replay: (name) =>
      id === "cotta" ? confidenceDraws(golden, batch, name) : routingDraws(golden, place, batch, name),
  });
  await passStream(golden, { adapter, visit }, async (seen, logits) => {
    const key = `${place}/batch${seen}`;
    golden.compare(`${key}/logits`, await asStored(logits), floats(golden, `${key}/logits`), `${place}/logits`);
    const told = adapter.telemetry();
    compareTold(golden, place, key, told);
    if (golden.has(`${key}/confidence`))
      golden.compare(`${key}/confidence`, told.confidence, floats(golden, `${key}/confidence`), `${place}/confidence`);
    for (const used of golden.keys(`${key}/views_used`))
      golden.compareWithin(used, told.viewsUsed, Array.from(golden.tensor(used).data, Number), 0);
    const named = slots.length === 1 ? { after: slots[0] } : { teacher: slots[1], student: slots[2] };
    for (const [name, slot] of Object.entries(named))
      if (slot)
        await compareSlot(
          golden,
          [`${key}/${name}`, `${place}/${name}`],
          slot,
          place === "cotta" ? cotta.lr : routing.lr,
          batches.length,
        );
    batch = seen + 1;
  });
  adapter.dispose();
}
