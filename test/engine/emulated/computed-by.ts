import { runCommand } from "../../../lib/engine/install/command";
import type { Bytes } from "./main";
import type { Processor } from "./processors";

/** Seconds that one emulated processor may take. */
const longest = 1800;

/** @returns what a processor computed of a bundled script. @param more what the script is told beside the engine */
export async function computedBy(
  { command, engine, environment }: Processor,
  script: string,
  more: readonly string[] = [],
): Promise<Bytes> {
  const [program, ...parameters] = [...command, script, engine, ...more];
  const hint = "run npm run setup, then npm run native:emulate again";
  return JSON.parse(await runCommand(program, parameters, { environment, seconds: longest, hint })) as Bytes;
}
