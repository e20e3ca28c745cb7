import { bytesOf } from "./vectors";

/**
 * Writes the totals of `filterGradient` as a filter.
 * @param totals float64 `[positions, paddedIn, paddedOut]`
 * @param gradient float32 `[positions, inChannels, outChannels]`
 */
export function demoteTotals(totals: usize, gradient: usize, positions: i32, inChannels: i32, outChannels: i32, paddedIn: i32, paddedOut: i32): void {
  for (let position = 0; position < positions; position++) {
    for (let c = 0; c < inChannels; c++) {
      const from = totals + (bytesOf((position * paddedIn + c) * paddedOut) << 1);
      for (let o = 0; o < outChannels; o++, gradient += 4) f32.store(gradient, <f32>f64.load(from + (bytesOf(o) << 1)));
    }
  }
}
