import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { hashOf, sha256 } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { runCommand } from "./command";
import { bindingPackage, compiledAddon, installedAddon, libraryFolder, projectFolder, tensorflowFolder } from "./places";
import { unpackedWheel } from "./wheel";

const receipt = `${compiledAddon}.key`;

/** Compiles the addon against the unpacked library with the Node-API headers of npm, unless the same sources were compiled before. */
export async function compileAddon(log: (line: string) => void, force = false): Promise<void> {
  const sources = readdirSync(join(bindingPackage, "binding")).map((file) => join(bindingPackage, "binding", file)).sort();
  const key = hashOf([unpackedWheel() ?? "", ...sources.map((file) => sha256(readFileSync(file)))]);
  if (!force && existsSync(compiledAddon) && existsSync(receipt) && readFileSync(receipt, "utf8") === key) return;

  log("compiling the TensorFlow.js addon with g++ (about half a minute)");
  const library = join(libraryFolder, "tensorflow");
  await runCommand(
    "g++",
    [
      ...["-O2", "-std=c++17", "-shared", "-fPIC", "-w", "-DNAPI_VERSION=8"],
      ...["-I", join(projectFolder, "node_modules", "node-api-headers", "include"), "-I", bindingPackage, "-I", join(library, "include")],
      ...sources.filter((file) => file.endsWith(".cc")),
      ...["-o", compiledAddon, `-L${library}`, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
      `-Wl,-rpath,$ORIGIN/${relative(tensorflowFolder, library)}`,
    ],
    { mend: "install a C++17 compiler (Debian: apt-get install g++) and run npm run setup again" },
  );
  writeAtomic(receipt, key);
}

/** Puts a relative link to the compiled addon where the package looks for it: `npm ci` only ever removes the link. */
export function linkAddon(): void {
  mkdirSync(dirname(installedAddon), { recursive: true });
  rmSync(installedAddon, { force: true });
  symlinkSync(relative(dirname(installedAddon), compiledAddon), installedAddon);
}

/** @returns whether the package has an addon, and whether it is the one compiled here or the official one. */
export function addonInPlace(): "none" | "compiled" | "official" {
  if (!lstatSync(installedAddon, { throwIfNoEntry: false })) return "none";
  if (!existsSync(installedAddon)) return "none";
  return lstatSync(installedAddon).isSymbolicLink() && join(dirname(installedAddon), readlinkSync(installedAddon)) === compiledAddon ? "compiled" : "official";
}
