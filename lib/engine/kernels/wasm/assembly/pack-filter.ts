import { bytesOf } from "./vectors";

/**
 * Lays a filter out as `convolve` reads it: `[block of 8 output channels, position, input channel, 8]`, with zeros behind the last
 * channel.
 * @param filter `[positions, inChannels, outChannels]`
 * @param turned whether to read the filter from behind, as `[positions, outChannels, inChannels]` with its last two axes exchanged:
 * what the gradient in the input is convolved by
 */
export function packFilter(filter: usize, packed: usize, positions: i32, inChannels: i32, outChannels: i32, turned: bool): void {
  const inStep = bytesOf(turned ? 1 : outChannels);
  const outStep = bytesOf(turned ? inChannels : 1);
  const matrix = bytesOf(inChannels * outChannels);
  for (let o = 0; o < outChannels; o += 8) {
    const present = min(8, outChannels - o);
    for (let position = 0; position < positions; position++) {
      let from = filter + <usize>(turned ? positions - 1 - position : position) * matrix + <usize>o * outStep;
      for (let c = 0; c < inChannels; c++, from += inStep, packed += 32) {
        for (let k = 0; k < present; k++) f32.store(packed + bytesOf(k), f32.load(from + <usize>k * outStep));
        for (let k = present; k < 8; k++) f32.store(packed + bytesOf(k), 0);
      }
    }
  }
}
