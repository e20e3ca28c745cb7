import { sum } from "../core/mean";

/** How sure a network is of an image: nothing of it needs a mask. */
export interface Certainty {
  /** Entropy of the classes, averaged over all pixels: 0 where one class is certain, 1 where all are equally likely. */
  readonly entropy: number;
  /** Probability of the class that was taken, averaged over the pixels that are no background; none where there is none. */
  readonly confidence: number | null;
}

/** One slice as a network sees it. */
export interface SeenSlice {
  /** `[pixels, classes]`. */
  readonly probabilities: Float32Array;
  /** `[pixels]`, the most probable class. */
  readonly classes: Uint8Array;
}

/** Softmax in float64. @param logits `[pixels, classes]` of one slice */
export function seeSlice(logits: Float32Array, classes: number): SeenSlice {
  const probabilities = new Float32Array(logits.length);
  const labels = new Uint8Array(logits.length / classes);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const own = logits.subarray(pixel * classes, (pixel + 1) * classes);
    const most = Math.max(...own);
    const powers = Array.from(own, (value) => Math.exp(value - most));
    const total = sum(powers);
    powers.forEach((power, label) => (probabilities[pixel * classes + label] = power / total));
    labels[pixel] = own.indexOf(most);
  }
  return { probabilities, classes: labels };
}

/** @param slices all of one image */
export function certaintyOf(slices: readonly SeenSlice[]): Certainty {
  let [entropy, pixels, confidence, marked] = [0, 0, 0, 0];
  for (const { probabilities, classes: labels } of slices) {
    const classes = probabilities.length / labels.length;
    for (const value of probabilities) if (value > 0) entropy -= (value * Math.log(value)) / Math.log(classes);
    pixels += labels.length;
    labels.forEach((label, pixel) => {
      if (label === 0) return;
      marked++;
      confidence += probabilities[pixel * classes + label];
    });
  }
  return { entropy: entropy / pixels, confidence: marked === 0 ? null : confidence / marked };
}
