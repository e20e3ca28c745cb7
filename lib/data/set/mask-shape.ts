/** How a foreground lies in a stack of slices. */
export interface MaskShape {
  /** Share of all voxels. */
  readonly share: number;
  /** Share of the slice of which it covers most. */
  readonly fullest: number;
  /** A slice in which it touches all four borders; -1 where there is none. */
  readonly frames: number;
  /** Pieces that touch in no voxel, corners included: their voxels, largest first. */
  readonly pieces: readonly Piece[];
}

export interface Piece {
  readonly voxels: number;
  /** Mean place, in voxels: depth, height, width. */
  readonly centre: readonly [number, number, number];
}

/** @param mask `[depth, height, width]`, foreground above 0 */
export function maskShape(mask: Uint8Array, [depth, height, width]: readonly [number, number, number]): MaskShape {
  let [covered, most, frames] = [0, 0, -1];
  for (let slice = 0; slice < depth; slice++) {
    const borders = [0, 0, 0, 0];
    const before = covered;
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        if (mask[(slice * height + row) * width + column] === 0) continue;
        covered++;
        if (row === 0) borders[0] = 1;
        if (row === height - 1) borders[1] = 1;
        if (column === 0) borders[2] = 1;
        if (column === width - 1) borders[3] = 1;
      }
    }
    most = Math.max(most, covered - before);
    if (frames < 0 && borders.every((touched) => touched === 1)) frames = slice;
  }
  const fullest = most / (height * width);
  return { share: covered / mask.length, fullest, frames, pieces: piecesOf(mask, [depth, height, width]) };
}

/** Flood filling with a list of places to visit: each voxel is visited once. */
function piecesOf(mask: Uint8Array, [depth, height, width]: readonly [number, number, number]): Piece[] {
  const seen = new Uint8Array(mask.length);
  const pieces: Piece[] = [];
  const steps = [-1, 0, 1];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || seen[start] === 1) continue;
    const waiting = [start];
    seen[start] = 1;
    const sum: [number, number, number] = [0, 0, 0];
    let voxels = 0;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const place = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
      voxels++;
      place.forEach((value, axis) => (sum[axis] += value));
      for (const z of steps)
        for (const y of steps)
          for (const x of steps) {
            const [slice, row, column] = [place[0] + z, place[1] + y, place[2] + x];
            if (slice < 0 || row < 0 || column < 0 || slice >= depth || row >= height || column >= width) continue;
            const near = (slice * height + row) * width + column;
            if (mask[near] === 0 || seen[near] === 1) continue;
            seen[near] = 1;
            waiting.push(near);
          }
    }
    pieces.push({ voxels, centre: [sum[0] / voxels, sum[1] / voxels, sum[2] / voxels] });
  }
  return pieces.sort((a, b) => b.voxels - a.voxels);
}
