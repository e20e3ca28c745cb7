import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { describeError, WorkbenchError } from "../../../lib/core/errors";
import { projectRoot } from "../../../lib/core/project-root";
import { compilerFlags, ownSourceFiles, ownWarnings } from "../../../lib/engine/install/addon";
import { canRun, runCommand } from "../../../lib/engine/install/command";
import { writeAtomic } from "../../../lib/io/atomic";

const loops = join(projectRoot, "lib", "engine", "install", "native");
const cases = ["check-loops", "convolutions", "pixels", "vectors"].map((name) => join(__dirname, `${name}.cc`));
const hint = "install a compiler of C++20 (Debian: apt-get install g++)";

/** With which both the addresses that a loop touches and what C++ leaves undefined are watched. */
const sanitizers = [
  "-O1",
  "-fsanitize=address,undefined",
  "-fno-sanitize-recover=all",
  "-fno-omit-frame-pointer",
  "-g1",
];

/** Compiles `check-loops.cc` with every loop, all sources side by side. @returns the program's path */
export async function buildCheck(sanitized: boolean): Promise<string> {
  const name = sanitized ? "loops-sanitized" : "loops-plain";
  const folder = join(projectRoot, ".workbench", "native-check", name);
  mkdirSync(folder, { recursive: true });
  // As the addon's, and an error where that only warns.
  const flags = [...compilerFlags(), ...ownWarnings, "-Werror", "-I", loops, ...(sanitized ? sanitizers : [])];
  const sources = ["loops.cc", "loops-avx2.cc", "loops-avx512.cc"].map((file) => join(loops, file)).concat(cases);
  const objects = await Promise.all(
    sources.map(async (source) => {
      const object = join(folder, `${basename(source, ".cc")}.o`);
      await runCommand("g++", [...flags, "-c", source, "-o", object], { hint });
      if (sanitized) console.log(`compiled ${basename(source)}`);
      return object;
    }),
  );
  const program = join(folder, "check-loops");
  await runCommand("g++", [...flags, ...objects, "-o", program], { hint });
  return program;
}

/** The committed line of each loop: its name and a hash of all its results. */
export const committedLoops = join(__dirname, "loops.txt");

/** @returns what the program printed of each loop, and its last line */
export async function runCheck(
  program: string,
  before: readonly string[] = [],
): Promise<{ loops: string; summary: string }> {
  const [first, ...rest] = [...before, program];
  const lines = (await runCommand(first, rest, { hint: "see test/engine/native/check-loops.cc" })).trim().split("\n");
  return { loops: `${lines.slice(0, -1).join("\n")}\n`, summary: lines[lines.length - 1] };
}

/** `--sanitize` watches addresses and undefined behaviour and tries every source for warnings; `--update` writes the committed hashes anew. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { sanitize: { type: "boolean" }, update: { type: "boolean" } } });
  if (!(await canRun("g++", ["--version"]))) {
    console.log("skipped: g++ was not found");
    return;
  }
  if (values.sanitize) {
    const ours = ownSourceFiles();
    await runCommand("g++", [...compilerFlags(), ...ownWarnings, "-Werror", "-fsyntax-only", ...ours], { hint });
    console.log(`${ours.length} sources compile without a warning`);
  }
  const { loops: seen, summary } = await runCheck(await buildCheck(values.sanitize ?? false));
  if (values.update) writeAtomic(committedLoops, seen);
  process.stdout.write(`${seen}${summary}\n`);
  if (seen !== readFileSync(committedLoops, "utf8"))
    throw new WorkbenchError("a loop gave other bytes than committed", `compare with ${committedLoops}`);
  console.log("1 passed, 0 failed");
}

if (require.main === module)
  main().catch((error) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
