import { createLayout } from "../../core/layout";
import type { Random } from "../../core/random";
import { hashState, type State } from "../../core/state";
import type { BatchViews, Lens } from "../contract";
import { meanAmplitudes } from "./amplitude";
import { exchangeAmplitudes } from "./exchange";

/** Every batch as it is, under `own`, and once more as images of another client would look, under `foreign`. */
export const ownAndForeign = (own: readonly ArrayLike<number>[]): readonly BatchViews[] =>
  own.map((indices) => ({ own: indices, foreign: indices }));

/**
 * Hands the views of `ownAndForeign` to a lens each: they come one after the other.
 * @param own sees the images as they are @param foreign what the other view shows
 */
export function alternating(own: (...seen: Parameters<Lens>) => void, foreign: Lens): Lens {
  let calls = 0;
  return (images, shape) => {
    if (calls++ % 2 === 1) return foreign(images, shape);
    own(images, shape);
    return images;
  };
}

/** Takes the amplitudes of every so many-th image that it is shown, the first one's too. */
export function collectingSpectra(step: number) {
  const found: Float64Array[] = [];
  let shown = 0;
  let size: readonly number[] = [];
  return {
    see(images: Float32Array, [batch, height, width, channels]: Parameters<Lens>[1]): void {
      const pixels = images.length / batch;
      size = [channels, height, width];
      for (let image = 0; image < batch; image++) {
        if (shown++ % step !== 0) continue;
        found.push(meanAmplitudes(images.subarray(image * pixels, (image + 1) * pixels), [1, height, width, channels]));
      }
    },
    /** @returns amplitudes `[image, channel, height, width]` @throws RangeError before the first image */
    spectra(): State {
      if (found.length === 0) throw new RangeError("no image has been seen");
      const layout = createLayout([
        { name: "spectra", shape: [found.length, ...size], role: "free", block: "spectra" },
      ]);
      return { layout, values: Float32Array.from(found.flatMap((one) => Array.from(one))) };
    },
  };
}

/**
 * Every image takes low frequencies of one that is drawn from another client, in a share that is drawn too.
 * @param spectra of the other clients, in any order; of none nothing changes
 * @param L see `Exchange` @param own the share of its own amplitudes (default: drawn for every image)
 */
export function foreignLook(spectra: readonly State[], random: Random, L: number, own?: number): Lens {
  const clients = [...spectra].sort((a, b) => (hashState(a) < hashState(b) ? -1 : 1));
  return (images, [batch, height, width, channels]) => {
    if (clients.length === 0) return images;
    const pixels = height * width * channels;
    const changed = new Float32Array(images.length);
    for (let image = 0; image < batch; image++) {
      const { values, layout } = clients[random.integer(clients.length)];
      const drawn = random.integer(layout[0].shape[0]);
      const foreign = values.subarray(drawn * pixels, (drawn + 1) * pixels);
      const share = own ?? random.uniform();
      const span = [image * pixels, (image + 1) * pixels] as const;
      changed.set(
        exchangeAmplitudes(images.subarray(...span), [1, height, width, channels], foreign, { L, own: share }),
        span[0],
      );
    }
    return changed;
  };
}
