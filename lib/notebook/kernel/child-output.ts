import { AsyncResource } from "node:async_hooks";
import childProcess, { type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Options = Readonly<Record<string, unknown>>;
type Name = "stdout" | "stderr";
const descriptors: Readonly<Record<Name, number>> = { stdout: 1, stderr: 2 };

/**
 * Lets what child processes write to an inherited stdout or stderr appear in the cell that started them: the kernel's own lead to a
 * terminal that nobody looks at.
 */
export function captureChildOutput(): void {
  const { prototype } = childProcess.ChildProcess as unknown as { prototype: { spawn(options: Options): number } };
  const spawn = prototype.spawn;
  prototype.spawn = function (this: ChildProcess, options) {
    const inherited = inheritedOf(options.stdio);
    const code = spawn.call(
      this,
      redirected(options, inherited, () => "pipe"),
    );
    for (const name of inherited)
      this[name]?.on(
        "data",
        AsyncResource.bind((bytes: Buffer) => void process[name].write(bytes)),
      );
    return code;
  };
  for (const name of ["spawnSync", "execFileSync", "execSync"] as const) captureSync(name);
  syncBuiltinESMExports();
}

/** A child that is waited for writes into files, which are shown once it has ended. */
function captureSync(name: "spawnSync" | "execFileSync" | "execSync"): void {
  const functions = childProcess as unknown as Record<string, (...values: unknown[]) => unknown>;
  const original = functions[name];
  functions[name] = (...values) => {
    const place = values.findIndex((value, index) => index > 0 && isOptions(value));
    const options = (values[place] ?? {}) as Options;
    const inherited = inheritedOf(options.stdio);
    if (inherited.length === 0) return original(...values);
    const folder = mkdtempSync(join(tmpdir(), "iop-fl-child-"));
    const files = new Map(inherited.map((each) => [each, openSync(join(folder, each), "w")]));
    const given = [...values];
    given[place] = redirected(options, inherited, (each) => files.get(each));
    try {
      return original(...given);
    } finally {
      for (const [each, file] of files) {
        closeSync(file);
        process[each].write(readFileSync(join(folder, each)));
      }
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function isOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns which of a child's two outputs are to be the kernel's */
function inheritedOf(stdio: unknown): Name[] {
  const entries = Array.isArray(stdio) ? (stdio as unknown[]) : [stdio, stdio, stdio];
  return (["stdout", "stderr"] as const).filter((name) => {
    const entry = entries[descriptors[name]];
    return entry === "inherit" || entry === 1 || entry === 2 || entry === process.stdout || entry === process.stderr;
  });
}

function redirected(options: Options, inherited: readonly Name[], to: (name: Name) => unknown): Options {
  const { stdio } = options;
  const entries = Array.isArray(stdio) ? [...(stdio as unknown[])] : [stdio, stdio, stdio];
  for (const name of inherited) entries[descriptors[name]] = to(name);
  return inherited.length > 0 ? { ...options, stdio: entries } : options;
}
