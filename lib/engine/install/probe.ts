import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { addonInPlace, addonKey } from "./addon";
import { bindingPackage, hasBindingPackage, libraryFolder, tensorflowFolder } from "./places";
import { unpackedWheel, wheels } from "./wheel";

/** What a look at the folders says about the TensorFlow engine; nothing is loaded. */
export interface TensorflowProbe {
  /** The package and an addon are in place. */
  readonly installed: boolean;
  /** Trained one step on this machine since it was installed. */
  readonly verified: boolean;
  readonly addon: "none" | "compiled" | "official";
  /** Version of the JavaScript package, if it is there. */
  readonly binding?: string;
  /** The unpacked TensorFlow wheel: `tensorflow-cpu 2.21.0`. */
  readonly library?: string;
}

/** What `installTensorflow` leaves behind once a step was trained: the addon it was trained with. */
export const verificationFile = join(tensorflowFolder, "verified.json");

export interface Verification {
  readonly addon: string;
  readonly version: string;
  readonly device: string;
}

/** @returns what is installed of the TensorFlow engine; takes milliseconds. */
export function probeTensorflow(): TensorflowProbe {
  const addon = hasBindingPackage() ? addonInPlace() : "none";
  const wheel = Object.values(wheels).find(({ sha256 }) => sha256 === unpackedWheel());
  return {
    installed: addon !== "none",
    verified: addon !== "none" && readVerification()?.addon === verificationKey(addon),
    addon,
    binding: hasBindingPackage() ? packageVersion() : undefined,
    library: wheel && existsSync(libraryFolder) ? `${wheel.project} ${wheel.version}` : undefined,
  };
}

/** Names what was verified: an official addon by its package version, a compiled one by what it was made of. */
export function verificationKey(addon: "compiled" | "official"): string {
  return `${addon} ${packageVersion()} ${addon === "compiled" ? addonKey() : ""} node-${process.versions.modules}`;
}

/** @returns what the last verification wrote, if there was one. */
export function readVerification(): Verification | undefined {
  return existsSync(verificationFile)
    ? (JSON.parse(readFileSync(verificationFile, "utf8")) as Verification)
    : undefined;
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(bindingPackage, "package.json"), "utf8")) as { version: string }).version;
}
