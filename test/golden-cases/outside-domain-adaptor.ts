import * as tf from "@tensorflow/tfjs-core";
import { generalisedEntropy } from "../../lib/methods/parts/generalised-entropy";
import { mixedNorms } from "../../lib/methods/parts/mixed-norms";
import type { GoldenCase } from "./golden-case";
import { asStored, besideFirst, images } from "./network";
import { compareTold, floats, inputOf, openStream, passStream } from "./outside-stream";

/** DomainAdaptor over the stream, its first pass, and its loss by itself. */
export async function checkDomainAdaptor(golden: GoldenCase): Promise<void> {
  const place = "domain-adaptor";
  const { [place]: settings } = golden.json.settings as unknown as Record<typeof place, { readonly lr: number }>;
  const compare = (key: string, got: ArrayLike<number>, group: string) =>
    golden.compare(key, got, floats(golden, key), `${place}/${group}`);
  const stream = openStream(golden, { id: place, params: { learningRate: settings.lr } });
  const first = openStream(golden, { id: place });
  await passStream(golden, stream, async (batch, logits) => {
    const key = `${place}/batch${batch}`;
    compare(`${key}/logits`, await asStored(logits), "logits");
    compareTold(golden, place, key, stream.adapter.telemetry());
    const after = besideFirst(golden, await stream.slots[0].state(), `${key}/after/`);
    golden.compare(`${key}/after`, after.got, after.want, `${place}/after`);

    const [slot] = first.slots;
    const input = inputOf(golden, batch);
    slot.reset();
    const [answer, shares, folded] = slot.ask(mixedNorms, input);
    compare(`${key}/logits_first`, await asStored(answer as tf.Tensor4D), "logits_first");
    compare(`${key}/shares`, await shares.data(), "shares");
    slot.after({ folded });
    const affine = besideFirst(golden, await slot.state(), `${key}/folded/`);
    golden.compare(`${key}/folded`, affine.got, affine.want, `${place}/folded`);
    tf.dispose([answer, shares, folded, input]);
  });
  stream.adapter.dispose();
  first.adapter.dispose();

  const logits = images(golden.tensor("in/pure/gem_t"));
  for (const reading of ["published", "intended"] as const) {
    const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => generalisedEntropy(z as tf.Tensor4D, reading))(logits);
    compare(`${place}/loss/${reading}/value`, await value.data(), `loss/${reading}/value`);
    compare(`${place}/loss/${reading}/gradient`, await asStored(grad as tf.Tensor4D), `loss/${reading}/gradient`);
    tf.dispose([value, grad]);
  }
  logits.dispose();
}
