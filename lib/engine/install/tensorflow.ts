import { WorkbenchError } from "../../core/errors";
import { addonInPlace, compileAddon, isCompiled, linkAddon } from "./addon";
import { canRun, runCommand } from "./command";
import { hasBindingPackage } from "./places";
import { readVerification, verificationKey } from "./probe";
import { verifyTensorflow } from "./verify";
import { provideLibrary, unpackedWheel, wheels } from "./wheel";

export interface InstallOptions {
  /** Takes TensorFlow's GPU build, which needs the CUDA libraries of the machine; left out, what is installed stays. */
  readonly gpu?: boolean;
  /** Repeats every step but the download. */
  readonly force?: boolean;
  readonly log: (line: string) => void;
}

export type Installation =
  | { readonly installed: true; readonly version: string; readonly device: string }
  | { readonly installed: false; readonly reason: string; readonly hint: string };

/**
 * Provides the TensorFlow engine below the project folder. Every step is left out when it was done before, so an interrupted
 * installation goes on where it stopped, and after `npm ci` only a link is renewed.
 * @returns what was installed, or in one line why not: the WebAssembly engine then carries on
 */
export async function installTensorflow(options: InstallOptions): Promise<Installation> {
  try {
    const { version, device } = await install(options);
    return { installed: true, version, device };
  } catch (error) {
    if (error instanceof WorkbenchError) return { installed: false, reason: error.problem, hint: error.hint };
    throw error;
  }
}

async function install({ gpu, force = false, log }: InstallOptions): Promise<{ version: string; device: string }> {
  await providePackage(log);
  const wheel = wheels[(gpu ?? unpackedWheel() === wheels.gpu.sha256) ? "gpu" : "cpu"];
  if (!force) {
    if (addonInPlace() === "official") {
      const official = await tryOfficial(log);
      if (official) return official;
    }
    const verification = readVerification();
    if (unpackedWheel() === wheel.sha256 && isCompiled() && verification?.addon === verificationKey("compiled")) {
      linkAddon();
      return verification;
    }
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new WorkbenchError(
      `there is no pinned TensorFlow library for ${process.platform} on ${process.arch}`,
      "use the WebAssembly engine",
    );
  }
  await requirePrograms({ library: unpackedWheel() === wheel.sha256, addon: isCompiled() && !force });
  await provideLibrary(wheel, log);
  await compileAddon(log, force);
  linkAddon();
  return verifyTensorflow(log);
}

/** The official install script downloads a binary; where that fails, npm removes the whole optional package. */
async function providePackage(log: (line: string) => void): Promise<void> {
  if (hasBindingPackage()) return;
  log("installing the package @tensorflow/tfjs-node-gpu without its install script");
  const hint = "check the network, then run npm run setup again";
  await runCommand("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { hint });
  if (!hasBindingPackage())
    throw new WorkbenchError(
      "npm did not install @tensorflow/tfjs-node-gpu",
      "run npm install --include=optional --ignore-scripts",
    );
}

/** An official binary is kept if it trains on this machine. */
async function tryOfficial(log: (line: string) => void): Promise<{ version: string; device: string } | undefined> {
  const verification = readVerification();
  if (verification?.addon === verificationKey("official")) return verification;
  try {
    return await verifyTensorflow(log);
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    log(`the official addon does not work here (${error.problem}); it is replaced`);
    return undefined;
  }
}

/** Checks for what the steps that are still to do need. */
async function requirePrograms(done: { library: boolean; addon: boolean }): Promise<void> {
  const missing: string[] = [];
  if (!done.library) {
    if (!(await canRun("python3", ["--version"]))) missing.push("python3");
    else if (!(await canRun("python3", ["-m", "pip", "--version"]))) missing.push("pip for python3");
  }
  if (!(done.addon && done.library) && !(await canRun("g++", ["--version"]))) missing.push("g++");
  if (missing.length === 0) return;
  throw new WorkbenchError(
    `the TensorFlow engine cannot be built without ${missing.join(" and ")}`,
    "install what is missing (Debian: apt-get install python3-pip g++) and run npm run setup again",
  );
}
