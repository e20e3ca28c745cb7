import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { hashOf, sha256 } from "../../core/hash";
import { writeAtomic } from "../../io/atomic";
import { kept } from "../../io/kept";
import { projectRoot } from "../../core/project-root";
import { runCommand } from "./command";
import { cppTokens, token } from "./cpp-tokens";
import { bindingPackage, compiledAddon, installedAddon, libraryFolder, tensorflowFolder } from "./places";
import { unpackedWheel } from "./wheel";

const receipt = `${compiledAddon}.key`;
const ownSources = join(projectRoot, "lib", "engine", "install", "native");
const bindingSources = join(bindingPackage, "binding");
const compiledSources = [
  "binding",
  "program",
  "operation",
  "grids",
  "convolution",
  "block-convolution",
  "mixed-convolution",
  "mixed-biases",
  "pixel-mean",
  "gate",
  "library-kernels",
  "normalisation",
  "optimiser",
  "pooling",
  "softmax",
  "samples",
  "loops",
  "loops-avx2",
  "loops-avx512",
  "restore-stderr",
].map((name) => `${name}.cc`);
const hint = "install a compiler of C++20, such as g++ 9 (Debian: apt-get install g++) and run npm run setup again";

/** The C++ files of ours that make the addon. */
export const ownSourceFiles = (): string[] => compiledSources.map((file) => join(ownSources, file));

/** What our own sources are compiled with beside `compilerFlags`. */
export const ownWarnings: readonly string[] = ["-Wall", "-Wextra", "-Wshadow", "-Wno-psabi"];

/**
 * No product is melted with a sum unless the code says so: what the compiler chose would differ from version to version. Folders of others are
 * named as the system's, whose warnings are not shown.
 */
export function compilerFlags(): string[] {
  const others = [
    join(projectRoot, "node_modules", "node-api-headers", "include"),
    bindingPackage,
    bindingSources,
    join(libraryFolder, "tensorflow", "include"),
  ];
  return [...flags, ...others.flatMap((folder) => ["-isystem", folder])];
}

const flags = ["-O2", "-std=c++2a", "-ffp-contract=off", "-fPIC", "-pthread", "-DNAPI_VERSION=8"];

/**
 * Names what the compiled addon is made of: the wheel, what the compiler is told and every source less comments and layout. A change of one
 * asks for a new addon, and gives results another name.
 */
export function addonKey(): string {
  const texts = sourceFiles().map((file) => readFileSync(file, "utf8"));
  // Every command and worker asks, and taking C++ apart costs each a third of a second.
  const sources = kept(keptTokens, [String(token), String(cppTokens), ...texts], () =>
    texts.map((text) => sha256(cppTokens(text))),
  );
  return hashOf([unpackedWheel() ?? "", ...flags, ...sources]);
}

const keptTokens = join(projectRoot, ".workbench", "cache", "cpp-tokens");

/** @returns the key of the sources that the addon in place was compiled from, which may have been edited since */
export function compiledKey(): string | undefined {
  return existsSync(compiledAddon) && existsSync(receipt) ? readFileSync(receipt, "utf8") : undefined;
}

/** @returns whether the addon that was compiled here is made of what lies here now. */
export function isCompiled(): boolean {
  return compiledKey() === addonKey();
}

/** Compiles the addon against the unpacked library with the Node-API headers of npm, unless that was done before. */
export async function compileAddon(log: (line: string) => void, force = false): Promise<void> {
  if (!force && isCompiled()) return;
  log("compiling the TensorFlow.js addon with g++ (about half a minute)");
  const library = join(libraryFolder, "tensorflow");
  const unfinished = `${compiledAddon}.${process.pid}`;
  const backend = `${unfinished}.o`;
  const silence = join(tensorflowFolder, "libworkbench_silence.so");
  await runCommand("g++", ["-O2", "-shared", "-fPIC", join(ownSources, "silence-loading.cc"), "-o", silence], { hint });
  // The package's own source is compiled by itself: its warnings are not ours to mend.
  await runCommand("g++", [...compilerFlags(), "-w", "-c", join(bindingSources, "tfjs_backend.cc"), "-o", backend], {
    hint,
  });
  await runCommand(
    "g++",
    [
      ...[...compilerFlags(), ...ownWarnings, "-shared", backend, ...ownSourceFiles(), "-o", unfinished],
      ...[`-L${library}`, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2"],
      ...[`-L${tensorflowFolder}`, "-Wl,--no-as-needed", "-lworkbench_silence"],
      ...[`-Wl,-rpath,$ORIGIN/${relative(tensorflowFolder, library)}`, "-Wl,-rpath,$ORIGIN"],
    ],
    { hint },
  ).finally(() => rmSync(backend, { force: true }));
  // Processes that have the old one loaded keep it.
  renameSync(unfinished, compiledAddon);
  writeAtomic(receipt, addonKey());
}

function sourceFiles(): string[] {
  return [bindingSources, ownSources].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => /\.(cc|h|inc)$/.test(file))
      .sort()
      .map((file) => join(folder, file)),
  );
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
  return lstatSync(installedAddon).isSymbolicLink() &&
    join(dirname(installedAddon), readlinkSync(installedAddon)) === compiledAddon
    ? "compiled"
    : "official";
}
