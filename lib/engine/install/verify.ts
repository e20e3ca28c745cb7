import { writeAtomic } from "../../io/atomic";
import { WorkbenchError } from "../../core/errors";
import { runCommand } from "./command";
import { join } from "node:path";
import { verificationFile, verificationKey, type Verification } from "./probe";
import { addonInPlace } from "./addon";
import { loadTypescript } from "../../core/load-typescript";

/**
 * Starts the TensorFlow engine in a process of its own, compares a convolution's gradient with a numerical one and trains a step.
 * @throws WorkbenchError when the library does not load or computes something else
 */
export async function verifyTensorflow(log: (line: string) => void): Promise<Verification> {
  const addon = addonInPlace();
  const hint = "run npm run setup again with --force; until then the WebAssembly engine is used";
  if (addon === "none") throw new WorkbenchError("the TensorFlow addon is not in place", hint);
  log("training one step on TensorFlow");
  const worker = join(__dirname, "verify-worker.ts");
  const output = await runCommand(process.execPath, [...loadTypescript, worker], { hint, seconds: 180 });
  const seen = JSON.parse(output.trim().split("\n").at(-1) ?? "") as { version: string; device: string };
  const verification = { addon: verificationKey(addon), ...seen };
  writeAtomic(verificationFile, JSON.stringify(verification));
  return verification;
}
