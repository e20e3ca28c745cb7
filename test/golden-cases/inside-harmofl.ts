import { follow, meanAmplitudes, replaceAmplitudes } from "../../lib/methods/parts/amplitude";
import { channelsFirst, channelsLast } from "../../lib/nets/torch/torch-layout";
import type { GoldenCase } from "./golden-case";
import { checkInside, floats, settingsOf } from "./inside-run";

/** HarmoFL's two halves, both together in both readings, and the transform alone. */
export async function checkHarmofl(golden: GoldenCase): Promise<void> {
  const { rho, L, momentum } = settingsOf(golden).harmofl;
  const [published, intended] = [{ reading: "published" }, { reading: "intended", L, momentum }];
  for (const [name, params] of Object.entries({
    perturbation: { rho: rho.perturbation, amplitude: false },
    amplitude_dc: { ...published, rho: 0 },
    amplitude_block: { ...intended, rho: 0 },
    published: { ...published, rho: rho.published },
    intended: { ...intended, rho: rho.intended },
  })) {
    const place = `harmofl_${name}`;
    const { server } = await checkInside(golden, { place, id: "harmofl", params });
    if (!golden.has(`${place}/amplitude/fixed`)) continue;
    const { layout, values } = server.model;
    const { offset, size } = layout[layout.length - 1];
    const fixed = values.subarray(offset, offset + size);
    golden.compare(`${place}/fixed`, fixed, floats(golden, `${place}/amplitude/fixed`), `${place}/amplitude`);
  }
  checkTransform(golden);
}

function checkTransform(golden: GoldenCase): void {
  const { L, momentum } = settingsOf(golden).harmofl;
  const { data, shape } = golden.tensor("amplitude/input/images");
  const [batch, channels, height, width] = shape;
  const images = channelsLast(data as Float32Array, shape);
  const size = [batch, height, width, channels] as const;
  const running = floats(golden, "amplitude/input/running");
  const compare = (name: string, got: ArrayLike<number>) =>
    golden.compare(`amplitude/${name}`, got, floats(golden, `amplitude/${name}`), `amplitude/${name}`);
  const mean = meanAmplitudes(images, size);
  compare("mean_of_images", mean);
  compare(
    "running_after_update",
    follow(Float64Array.from(running), () => mean, momentum),
  );
  compare("dc", channelsFirst(replaceAmplitudes(images, size, running, 0), size));
  compare("block", channelsFirst(replaceAmplitudes(images, size, running, L), size));
}
