import { squaredDistances } from "./distance-transform";

/**
 * Marks the voxels of a mask that have a neighbour outside it along an axis (the mask minus its erosion by the 1-connected
 * cross). Beyond the image is outside, as in medpy.
 * @param mask `[...shape]`, non-zero inside
 */
function surfaceOf(mask: Uint8Array, shape: readonly number[]): Uint8Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  const surface = new Uint8Array(mask.length);
  for (let voxel = 0; voxel < mask.length; voxel++) {
    if (!mask[voxel]) continue;
    for (let axis = 0; axis < shape.length && !surface[voxel]; axis++) {
      const place = Math.floor(voxel / strides[axis]) % shape[axis];
      const inside = place > 0 && place < shape[axis] - 1 && mask[voxel - strides[axis]] && mask[voxel + strides[axis]];
      if (!inside) surface[voxel] = 1;
    }
  }
  return surface;
}

/** Distances from each surface voxel of one mask to the nearest surface voxel of the other, in the unit of the spacing. */
export interface SurfaceDistances {
  readonly aToB: Float64Array;
  readonly bToA: Float64Array;
}

/** @returns both directed lists, or `undefined` when a mask is empty and there is no surface to measure from. */
export function surfaceDistances(
  a: Uint8Array,
  b: Uint8Array,
  shape: readonly number[],
  spacing: readonly number[],
): SurfaceDistances | undefined {
  const box = boundingBox([a, b], shape);
  if (!box) return undefined;
  const [croppedA, croppedB] = [a, b].map((mask) => crop(mask, shape, box));
  const [surfaceA, surfaceB] = [croppedA, croppedB].map((mask) => surfaceOf(mask, box.shape));
  if (!surfaceA.includes(1) || !surfaceB.includes(1)) return undefined;
  const between = (from: Uint8Array, to: Uint8Array): Float64Array => {
    const squares = squaredDistances(to, box.shape, spacing);
    const lengths = new Float64Array(from.reduce((count, value) => count + value, 0));
    let place = 0;
    for (let voxel = 0; voxel < from.length; voxel++) if (from[voxel]) lengths[place++] = Math.sqrt(squares[voxel]);
    return lengths;
  };
  return { aToB: between(surfaceA, surfaceB), bToA: between(surfaceB, surfaceA) };
}

interface Box {
  readonly low: readonly number[];
  readonly shape: readonly number[];
}

/** The smallest box around all masks: outside it there is nothing to measure. */
function boundingBox(masks: readonly Uint8Array[], shape: readonly number[]): Box | undefined {
  const low = shape.map(() => Infinity);
  const high = shape.map(() => -1);
  for (const mask of masks) {
    for (let voxel = 0; voxel < mask.length; voxel++) {
      if (!mask[voxel]) continue;
      for (let axis = shape.length - 1, rest = voxel; axis >= 0; axis--) {
        const place = rest % shape[axis];
        rest = (rest - place) / shape[axis];
        if (place < low[axis]) low[axis] = place;
        if (place > high[axis]) high[axis] = place;
      }
    }
  }
  return high[0] < 0 ? undefined : { low, shape: low.map((start, axis) => high[axis] - start + 1) };
}

function crop(mask: Uint8Array, shape: readonly number[], { low, shape: size }: Box): Uint8Array {
  const cropped = new Uint8Array(size.reduce((product, length) => product * length, 1));
  const width = size[size.length - 1];
  for (let start = 0; start < cropped.length; start += width) {
    let source = 0;
    let stride = 1;
    for (let axis = shape.length - 1, rest = start; axis >= 0; axis--) {
      source += (low[axis] + (rest % size[axis])) * stride;
      rest = Math.floor(rest / size[axis]);
      stride *= shape[axis];
    }
    cropped.set(mask.subarray(source, source + width), start);
  }
  return cropped;
}
