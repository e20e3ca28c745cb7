import { createHash } from "node:crypto";

/**
 * A seeded, splittable source of random numbers. A child depends on the labels that lead to it and on nothing else: not on how
 * many numbers were drawn before, nor on the order in which clients or workers run.
 */
export interface Random {
  /** An independent source, named by `label`. */
  child(label: string | number): Random;
  /** A float64 in [low, high). */
  uniform(low?: number, high?: number): number;
  /** A sample of the normal distribution. */
  normal(mean?: number, deviation?: number): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  /** A uniformly random order of 0 ... count-1. */
  permutation(count: number): Int32Array;
}

/** Makes a source. @param seed any text or number; equal seeds give equal numbers on every machine. */
export function createRandom(seed: string | number): Random {
  const key = createHash("sha256").update(`iop-fl/${seed}`).digest();
  const next = sfc32(key);
  let spare: number | undefined;

  const uniform = (low = 0, high = 1): number => {
    const fraction = ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
    return low + (high - low) * fraction;
  };
  // Marsaglia's polar method needs only log and sqrt; sin and cos differ between versions of V8 in their last bit.
  const standardNormal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = uniform(-1, 1);
      const y = uniform(-1, 1);
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
  const integer = (bound: number): number => Math.floor(uniform() * bound);
  return {
    child: (label) => createRandom(`${key.toString("hex")}/${label}`),
    uniform,
    normal: (mean = 0, deviation = 1) => mean + deviation * standardNormal(),
    integer,
    permutation(count) {
      const order = Int32Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = integer(last + 1);
        [order[last], order[other]] = [order[other], order[last]];
      }
      return order;
    },
  };
}

/** Chris Doty-Humphrey's sfc32 (PractRand): 128 bits of state, 32-bit integer arithmetic only. */
function sfc32(key: Buffer): () => number {
  let a = key.readUInt32LE(0);
  let b = key.readUInt32LE(4);
  let c = key.readUInt32LE(8);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) next();
  return next;
}
