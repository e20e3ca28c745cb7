import { runCommand } from "../../../lib/engine/install/command";
import type { Bytes } from "./main";
import type { Processor } from "./processors";

/** Seconds that one emulated processor may take. */
const longest = 900;

/** @returns what a processor computed of the bundled script, on the engine tensorflow unless another is named */
export async function computedBy(
  { before, environment }: Processor,
  script: string,
  engine = "tensorflow",
): Promise<Bytes> {
  const [program, ...parameters] = [...before, process.execPath, script, engine];
  const hint = "run npm run setup, then npm run native:emulate again";
  return JSON.parse(await runCommand(program, parameters, { environment, seconds: longest, hint })) as Bytes;
}
