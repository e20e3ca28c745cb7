import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const folder = join(root, "lib", "engine", "kernels", "wasm");
const compiler = join(root, "node_modules", "assemblyscript", "bin", "asc.js");
/** The module works in the back end's memory: it brings none of its own, nor anything that would be written there. */
const memory = ["--importMemory", "--noExportMemory", "--runtime", "stub"];

/** Compiles lib/engine/kernels/wasm/assembly. @returns the WebAssembly module */
export function buildWasmKernels(): Buffer {
  const scratch = mkdtempSync(join(tmpdir(), "iopfl-kernels-"));
  try {
    const output = join(scratch, "kernels.wasm");
    const source = join("lib", "engine", "kernels", "wasm", "assembly", "index.ts");
    execFileSync(
      process.execPath,
      [compiler, source, "-O3", "--noAssert", "--enable", "simd", ...memory, "--outFile", output],
      { cwd: root, stdio: "pipe" },
    );
    return readFileSync(output);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** As a TypeScript file, since the code hash of a job covers what its code imports. */
function asTypeScript(module: Buffer): string {
  const lines = module.toString("base64").match(/.{1,140}/g) ?? [];
  const head =
    "// Made by `npm run build:kernels` from assembly/. Do not edit.\n\n/** The WebAssembly module of our kernels, in base64. */\n";
  return `${head}export const moduleBytes = [\n${lines.map((line) => `  "${line}",\n`).join("")}].join("");\n`;
}

if (require.main === module) writeFileSync(join(folder, "module-bytes.ts"), asTypeScript(buildWasmKernels()));
