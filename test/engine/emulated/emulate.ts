import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeError, WorkbenchError } from "../../../lib/core/errors";
import { probeTensorflow } from "../../../lib/engine";
import { writeAtomic } from "../../../lib/io/atomic";
import { bundle } from "./bundle";
import { computedBy } from "./computed-by";
import type { Bytes } from "./main";
import { processors } from "./processors";

const committed = join(__dirname, "bytes.json");
/**
 * Computes every operation, and a few steps of training, inference, routing and evaluation, on this processor and on emulated ones, two at a
 * time, and compares the bytes with the committed ones. `--update` writes those anew, from this processor.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { update: { type: "boolean", default: false } } });
  if (probeTensorflow().addon !== "compiled") {
    console.log("skipped: the addon that is compiled here is not in place: npm run setup");
    return;
  }
  const script = await bundle();
  const { found, missing } = await processors();
  if (values.update) writeAtomic(committed, `${JSON.stringify(await computedBy(found[0], script), null, 1)}\n`);
  if (!existsSync(committed)) throw new WorkbenchError("no bytes are committed", "write them with --update");
  const wanted = JSON.parse(readFileSync(committed, "utf8")) as Bytes;
  const waiting = [...found];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let processor = waiting.shift(); processor; processor = waiting.shift()) {
      const started = performance.now();
      const bytes = await computedBy(processor, script);
      const different = Object.keys({ ...wanted, ...bytes }).filter((name) => bytes[name] !== wanted[name]);
      failed += different.length > 0 ? 1 : 0;
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const equal = `${Object.keys(bytes).length} hashes, ${different.length} different`;
      console.log(`${different.length > 0 ? "FAIL" : "ok"}  ${processor.name}: ${equal}, ${seconds} s`);
      for (const name of different) console.log(`        ${name}`);
    }
  };
  await Promise.all([work(), work()]);
  if (missing) console.log(`skipped: emulated processors (${missing})`);
  console.log(`${found.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(describeError(error));
  process.exitCode = 1;
});
