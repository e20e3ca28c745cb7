import * as tf from "@tensorflow/tfjs-core";
import { probabilities } from "../../lib/nets/model/losses";
import type { GoldenCase } from "./golden-case";
import { asStored } from "./network";
import { checkLogits, floats, openStream, passStream, streamOf } from "./outside-stream";

/** What is made of the experts without a step. */
export async function checkControls(golden: GoldenCase): Promise<void> {
  for (const statistics of ["running", "batch"]) {
    await checkLogits(golden, `soup/${statistics}`, { id: "soup", params: { statistics } });
    await checkEnsemble(golden, statistics);
  }
  await checkBestExpert(golden);
  await checkGreedySoup(golden);
}

async function checkEnsemble(golden: GoldenCase, statistics: string): Promise<void> {
  const stream = openStream(golden, { id: "ensemble", params: { statistics } });
  await passStream(golden, stream, async (batch, logits) => {
    const place = `ensemble/${statistics}`;
    const key = `${place}/batch${batch}/probabilities`;
    const found = tf.tidy(() => probabilities(logits));
    golden.compare(key, await asStored(found), floats(golden, key), `${place}/probabilities`);
    found.dispose();
  });
  stream.adapter.dispose();
}

async function checkBestExpert(golden: GoldenCase): Promise<void> {
  const experts = streamOf(golden).clients + 1;
  const entropies = (told: Readonly<Record<string, readonly number[]>>) =>
    Array.from({ length: experts }, (_, expert) => told[`entropy/${expert}`][0]);
  const perBatch = await checkLogits(golden, "best-expert/per_batch", {
    id: "best-expert",
    params: { scope: "batch" },
  });
  const rows = perBatch.map(entropies);
  const transposed = Array.from({ length: experts }, (_, expert) => rows.map((row) => row[expert])).flat();
  golden.compare("best-expert/entropies", transposed, floats(golden, "best-expert/entropies"), "best-expert/entropies");
  const exact = (key: string, got: readonly number[]) =>
    golden.compareWithin(key, got, Array.from(golden.tensor(key).data, Number), 0);
  exact(
    "best-expert/chosen_per_batch",
    perBatch.map(({ chosen }) => chosen[0]),
  );

  const [first] = await checkLogits(golden, "best-expert/whole_stream", { id: "best-expert" });
  const stored = "best-expert/entropies_stream";
  golden.compare(stored, entropies(first), floats(golden, stored), stored);
  exact("best-expert/chosen_whole_stream", first.chosen);
}

async function checkGreedySoup(golden: GoldenCase): Promise<void> {
  const [told] = await checkLogits(golden, "greedy-soup", { id: "greedy-soup" });
  golden.compare("greedy-soup/tried", told.tried, floats(golden, "greedy-soup/tried"), "greedy-soup/tried");
  for (const key of ["order", "taken"])
    golden.compareWithin(key, told[key], Array.from(golden.tensor(`greedy-soup/${key}`).data, Number), 0);
}
