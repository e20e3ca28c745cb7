/**
 * Squared Euclidean distance of every voxel to the nearest marked one, exact, in the unit of `spacing` squared. Lower envelopes
 * of parabolas, one axis at a time: Felzenszwalb & Huttenlocher, Theory of Computing 8:415-428, 2012, with a spacing for each
 * axis.
 * @param marked `[...shape]`, non-zero where the distance is 0
 * @returns `[...shape]`; Infinity everywhere when nothing is marked
 */
export function squaredDistances(
  marked: Uint8Array,
  shape: readonly number[],
  spacing: readonly number[],
): Float64Array {
  const distances = new Float64Array(marked.length).fill(Infinity);
  for (let voxel = 0; voxel < marked.length; voxel++) if (marked[voxel]) distances[voxel] = 0;
  const longest = Math.max(...shape);
  const line = new Float64Array(longest);
  const vertices = new Int32Array(longest);
  const bounds = new Float64Array(longest + 1);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis];
    const square = spacing[axis] * spacing[axis];
    for (let block = 0; block < distances.length; block += stride * length) {
      for (let start = block; start < block + stride; start++)
        transformLine(distances, start, stride, length, square, line, vertices, bounds);
    }
    stride *= length;
  }
  return distances;
}

/** Replaces d by min_q (square (p - q)^2 + d(q)) along one line. */
function transformLine(
  distances: Float64Array,
  start: number,
  stride: number,
  length: number,
  square: number,
  line: Float64Array,
  vertices: Int32Array,
  bounds: Float64Array,
): void {
  let last = -1;
  for (let q = 0; q < length; q++) {
    const height = distances[start + q * stride];
    line[q] = height;
    if (height === Infinity) continue;
    while (last >= 0) {
      const vertex = vertices[last];
      const crossing = ((height - line[vertex]) / square + q * q - vertex * vertex) / (2 * (q - vertex));
      if (crossing > bounds[last]) {
        bounds[last + 1] = crossing;
        break;
      }
      last--;
    }
    last++;
    vertices[last] = q;
    if (last === 0) bounds[0] = -Infinity;
  }
  if (last < 0) return;
  let parabola = 0;
  for (let p = 0; p < length; p++) {
    while (parabola < last && bounds[parabola + 1] < p) parabola++;
    const offset = p - vertices[parabola];
    distances[start + p * stride] = square * offset * offset + line[vertices[parabola]];
  }
}
