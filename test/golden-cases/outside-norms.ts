import type { GoldenCase } from "./golden-case";
import { asStored } from "./network";
import { checkLogits, compareSlot, compareTold, floats, openStream, passStream, streamOf } from "./outside-stream";

interface Settings {
  readonly "bn-adapt": { readonly prior: number };
  readonly tent: { readonly lr: number; readonly steps: number };
}

/** What changes normalisations alone. */
export async function checkNorms(golden: GoldenCase): Promise<void> {
  const { "bn-adapt": adapt, tent } = golden.json.settings as unknown as Settings;
  await checkLogits(golden, "bn-adapt/batch", { id: "bn-adapt" });
  await checkLogits(golden, "bn-adapt/prior", { id: "bn-adapt", params: { prior: adapt.prior } });
  const { lr: learningRate, steps } = tent;
  const online = { learningRate, steps, reset: "never" };
  await checkLogits(golden, "tent/online", { id: "tent", params: online }, { stored: "logits_before" });
  await checkTent(golden, "online", online);
  await checkTent(golden, "episodic", { ...online, reset: "batch" });
}

async function checkTent(
  golden: GoldenCase,
  variant: string,
  params: { learningRate: number; steps: number; reset: string },
) {
  const place = `tent/${variant}`;
  const stream = openStream(golden, { id: "tent", params: { ...params, predicts: "after" } });
  const { batches } = streamOf(golden);
  await passStream(golden, stream, async (batch, logits) => {
    const key = `${place}/batch${batch}`;
    const stored = `${key}/logits_after`;
    golden.compare(stored, await asStored(logits), floats(golden, stored), `${place}/logits_after`);
    compareTold(golden, place, key, stream.adapter.telemetry());
    const steps = params.steps * batches.length;
    await compareSlot(golden, [`${key}/after`, `${place}/after`], stream.slots[0], params.learningRate, steps);
  });
  stream.adapter.dispose();
}
