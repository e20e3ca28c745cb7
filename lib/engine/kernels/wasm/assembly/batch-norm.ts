import { bytesOf, demote, promoteHigh, promoteLow } from "./vectors";

/**
 * Batch normalisation with sums in float64, four channels at a time.
 * @param x, y `[pixels, channels]`, a multiple of 4 channels
 * @param scale, offset, mean, inverse, variance `[channels]`; the last three are results: `inverse` is one over the biased deviation,
 * `variance` is unbiased
 */
export function batchNormalise(
  x: usize,
  scale: usize,
  offset: usize,
  y: usize,
  mean: usize,
  inverse: usize,
  variance: usize,
  pixels: i32,
  channels: i32,
  epsilon: f64,
): void {
  const step = bytesOf(channels);
  const count = f64x2.splat(<f64>pixels);
  const others = f64x2.splat(<f64>max(1, pixels - 1));
  const one = f64x2.splat(1);
  const more = f64x2.splat(epsilon);
  for (let c: usize = 0; c < step; c += 16) {
    const start = x + c;
    const end = start + <usize>pixels * step;
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let at = start; at < end; at += step) {
      low = f64x2.add(low, promoteLow(v128.load(at)));
      high = f64x2.add(high, promoteHigh(v128.load(at)));
    }
    const lowMean = f64x2.div(low, count);
    const highMean = f64x2.div(high, count);

    low = f64x2.splat(0);
    high = f64x2.splat(0);
    for (let at = start; at < end; at += step) {
      const centredLow = f64x2.sub(promoteLow(v128.load(at)), lowMean);
      const centredHigh = f64x2.sub(promoteHigh(v128.load(at)), highMean);
      low = f64x2.add(low, f64x2.mul(centredLow, centredLow));
      high = f64x2.add(high, f64x2.mul(centredHigh, centredHigh));
    }
    const lowInverse = f64x2.div(one, f64x2.sqrt(f64x2.add(f64x2.div(low, count), more)));
    const highInverse = f64x2.div(one, f64x2.sqrt(f64x2.add(f64x2.div(high, count), more)));
    v128.store(mean + c, demote(lowMean, highMean));
    v128.store(variance + c, demote(f64x2.div(low, others), f64x2.div(high, others)));
    v128.store(inverse + c, demote(lowInverse, highInverse));

    const lowFactor = f64x2.mul(lowInverse, promoteLow(v128.load(scale + c)));
    const highFactor = f64x2.mul(highInverse, promoteHigh(v128.load(scale + c)));
    const lowOffset = promoteLow(v128.load(offset + c));
    const highOffset = promoteHigh(v128.load(offset + c));
    let to = y + c;
    for (let at = start; at < end; at += step, to += step) {
      const l = f64x2.add(f64x2.mul(f64x2.sub(promoteLow(v128.load(at)), lowMean), lowFactor), lowOffset);
      const h = f64x2.add(f64x2.mul(f64x2.sub(promoteHigh(v128.load(at)), highMean), highFactor), highOffset);
      v128.store(to, demote(l, h));
    }
  }
}
