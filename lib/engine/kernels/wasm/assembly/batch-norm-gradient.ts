import { bytesOf, demote, promoteHigh, promoteLow } from "./vectors";

/**
 * The gradients of batch normalisation, with sums in float64, four channels at a time.
 * @param dy, x, dx `[pixels, channels]`, a multiple of 4 channels
 * @param scale, mean, inverse, dScale, dOffset `[channels]`
 */
export function batchNormaliseGradient(
  dy: usize,
  x: usize,
  scale: usize,
  mean: usize,
  inverse: usize,
  dx: usize,
  dScale: usize,
  dOffset: usize,
  pixels: i32,
  channels: i32,
): void {
  const step = bytesOf(channels);
  const count = f64x2.splat(<f64>pixels);
  for (let c: usize = 0; c < step; c += 16) {
    const end = x + c + <usize>pixels * step;
    const means = v128.load(mean + c);
    const lowMean = promoteLow(means);
    const highMean = promoteHigh(means);
    let lowSum = f64x2.splat(0);
    let highSum = f64x2.splat(0);
    let lowProduct = f64x2.splat(0);
    let highProduct = f64x2.splat(0);
    let up = dy + c;
    for (let at = x + c; at < end; at += step, up += step) {
      const upstream = v128.load(up);
      const values = v128.load(at);
      const low = promoteLow(upstream);
      const high = promoteHigh(upstream);
      lowSum = f64x2.add(lowSum, low);
      highSum = f64x2.add(highSum, high);
      lowProduct = f64x2.add(lowProduct, f64x2.mul(low, f64x2.sub(promoteLow(values), lowMean)));
      highProduct = f64x2.add(highProduct, f64x2.mul(high, f64x2.sub(promoteHigh(values), highMean)));
    }
    const lowInverse = promoteLow(v128.load(inverse + c));
    const highInverse = promoteHigh(v128.load(inverse + c));
    lowProduct = f64x2.mul(lowProduct, lowInverse);
    highProduct = f64x2.mul(highProduct, highInverse);
    v128.store(dScale + c, demote(lowProduct, highProduct));
    v128.store(dOffset + c, demote(lowSum, highSum));

    const lowSlope = f64x2.div(f64x2.mul(lowProduct, lowInverse), count);
    const highSlope = f64x2.div(f64x2.mul(highProduct, highInverse), count);
    const lowGain = f64x2.mul(promoteLow(v128.load(scale + c)), lowInverse);
    const highGain = f64x2.mul(promoteHigh(v128.load(scale + c)), highInverse);
    lowSum = f64x2.div(lowSum, count);
    highSum = f64x2.div(highSum, count);
    let to = dx + c;
    up = dy + c;
    for (let at = x + c; at < end; at += step, up += step, to += step) {
      const upstream = v128.load(up);
      const values = v128.load(at);
      const low = f64x2.sub(f64x2.sub(promoteLow(upstream), lowSum), f64x2.mul(f64x2.sub(promoteLow(values), lowMean), lowSlope));
      const high = f64x2.sub(f64x2.sub(promoteHigh(upstream), highSum), f64x2.mul(f64x2.sub(promoteHigh(values), highMean), highSlope));
      v128.store(to, demote(f64x2.mul(low, lowGain), f64x2.mul(high, highGain)));
    }
  }
}
