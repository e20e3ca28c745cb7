import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzz } from "./mutate";

/**
 * Mutated files of every format: read or refused in one line, never anything else, and never more memory than the file promises.
 * FUZZ_CASES sets the number of cases for each reader (default: a batch of a few seconds), FUZZ_SEED where they start. The long run:
 *   FUZZ_CASES=100000 node -r ./lib/cli/register.cjs --test test/io/fuzz.test.ts test/io/fuzz-texts.test.ts
 */
const asked = Number(process.env.FUZZ_CASES ?? 0);
const seed = Number(process.env.FUZZ_SEED ?? 1);

/** One reader, from some files that it reads. @param check what must hold of whatever is read */
export function fuzzTest<Value>(
  name: string,
  seeds: readonly Uint8Array[],
  usual: number,
  read: (bytes: Uint8Array) => Value,
  check: (value: Value, bytes: Uint8Array) => void,
): void {
  test(`${name}: mutated files are read or refused`, async (context) => {
    assert.ok(seeds.length > 0, "no files to start from");
    for (const file of seeds) check(read(file), file);
    const before = process.memoryUsage().rss;
    const { read: ok, refused, slowestMilliseconds, mostBytes } = await fuzz(seeds, asked || usual, seed, read, check);
    const [grown, most] = [process.memoryUsage().rss - before, mostBytes].map((bytes) => Math.ceil(bytes / 2 ** 10));
    context.diagnostic(
      `${name}: ${ok} read, ${refused} refused, slowest ${slowestMilliseconds} ms, greediest ${most} KiB, memory +${Math.round(grown / 1024)} MiB`,
    );
    assert.ok(refused > 0 && ok > 0, "the mutations reach only one outcome");
    // No file here is larger than 40 KiB; a stream that swells is stopped at what its header promises.
    assert.ok(most < 1024, `one case took ${most} KiB`);
    assert.ok(grown < 300 * 1024, `memory grew by ${grown} KiB`);
  });
}
