/** Interleaved images `[count, pixel, channel]` as the planes of a slice set, none of them shared. */
export function planesOf(
  images: ArrayLike<number>,
  count: number,
  channels: number,
): { planes: Float32Array; stack: Int32Array } {
  const area = images.length / count / channels;
  const planes = Float32Array.from({ length: images.length }, (_, i) => {
    const [plane, pixel] = [Math.floor(i / area), i % area];
    return images[(Math.floor(plane / channels) * area + pixel) * channels + (plane % channels)];
  });
  return { planes, stack: Int32Array.from({ length: count * channels }, (_, i) => i) };
}
