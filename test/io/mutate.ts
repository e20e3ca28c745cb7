import { createRandom, type Random } from "../../lib/core/random";
import { WorkbenchError } from "../../lib/core/errors";

/** Numbers that break readers: ends of ranges, and lengths that are almost right. */
const spiteful = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** One damaged copy of a file: bytes flipped, numbers of 2, 4 or 8 bytes overwritten, pieces cut out, doubled or swapped in from another. */
function mutate(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(file);
  const rounds = 1 + random.integer(4);
  for (let round = 0; round < rounds; round++) bytes = mutateOnce(bytes, other, random);
  return bytes;
}

function mutateOnce(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return other.slice(0, random.integer(other.length + 1));
  // Headers lie at the start of most formats and at the end of zip: most damage goes there.
  const place = () => {
    const near = Math.min(bytes.length, 1 + random.integer(512));
    const kind = random.integer(4);
    return kind === 0
      ? random.integer(bytes.length)
      : kind === 1
        ? bytes.length - 1 - random.integer(near)
        : random.integer(near);
  };
  const at = place();
  switch (random.integer(8)) {
    case 0:
      bytes[at] ^= 1 << random.integer(8);
      return bytes;
    case 1:
    case 2:
      bytes[at] = random.integer(256);
      return bytes;
    case 3: {
      const width = [2, 4, 8][random.integer(3)];
      const value =
        BigInt(spiteful[random.integer(spiteful.length)]) +
        (random.integer(4) === 0 ? BigInt(random.integer(3) - 1) : 0n);
      const reverse = random.integer(2) === 1;
      const byte = (place: number) => Number((BigInt.asUintN(64, value) >> BigInt(8 * place)) & 0xffn);
      for (let i = 0; i < width && at + i < bytes.length; i++) bytes[at + i] = byte(reverse ? width - 1 - i : i);
      return bytes;
    }
    case 4:
      return bytes.slice(0, at);
    case 5:
      return joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + random.integer(64))));
    case 6: {
      const piece = bytes.subarray(at, at + 1 + random.integer(64));
      return joined(bytes.subarray(0, at), piece, bytes.subarray(at));
    }
    default: {
      const from = random.integer(other.length);
      const piece = other.subarray(from, from + 1 + random.integer(64));
      return joined(bytes.subarray(0, at), piece, bytes.subarray(Math.min(bytes.length, at + piece.length)));
    }
  }
}

const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

export interface FuzzReport {
  readonly read: number;
  readonly refused: number;
  readonly slowestMilliseconds: number;
  /** What the greediest case took outside the JavaScript heap, where bytes and numbers lie. */
  readonly mostBytes: number;
}

/**
 * Gives a reader damaged copies of files. A reader may return or refuse with one line; anything else that it throws ends the test, as
 * does a case that takes a second. @param check looks at what was read: is it as large as the file can promise?
 */
export async function fuzz<Value>(
  seeds: readonly Uint8Array[],
  cases: number,
  seed: number,
  read: (bytes: Uint8Array) => Value,
  check: (value: Value, bytes: Uint8Array) => void,
): Promise<FuzzReport> {
  const random = createRandom(`fuzz/${seed}`);
  let [ok, refused, slowest, most] = [0, 0, 0, 0];
  for (let index = 0; index < cases; index++) {
    // A gunzip that fails leaves 16 KiB behind, which Node.js frees only when the event loop turns: 100,000 failures would leave 600 MiB.
    if (index % 200 === 0) await new Promise(setImmediate);
    const bytes = mutate(seeds[random.integer(seeds.length)], seeds[random.integer(seeds.length)], random);
    const started = process.cpuUsage();
    const { arrayBuffers } = process.memoryUsage();
    try {
      const value = read(bytes);
      check(value, bytes);
      ok++;
    } catch (error) {
      if (!(error instanceof WorkbenchError) || error.message.includes("\n")) {
        const start = Buffer.from(bytes.subarray(0, 3000)).toString("base64");
        throw new Error(`case ${index} of seed ${seed}, ${bytes.length} bytes, ${String(error)}: ${start}`, {
          cause: error,
        });
      }
      refused++;
    }
    // Of the processor, not of the clock: a busy machine makes no file slower to read.
    const { user, system } = process.cpuUsage(started);
    const took = (user + system) / 1000;
    slowest = Math.max(slowest, took);
    most = Math.max(most, process.memoryUsage().arrayBuffers - arrayBuffers);
    if (took > 2000) throw new Error(`case ${index} of seed ${seed} took ${Math.round(took)} ms`);
  }
  return { read: ok, refused, slowestMilliseconds: Math.round(slowest), mostBytes: most };
}
