import { WorkbenchError } from "../../../core/errors";
import type { WasmBackend } from "./heap";
import { moduleBytes } from "./module-bytes";

type Kernel = (...numbers: number[]) => void;

/** Our WebAssembly; what each function does and expects is said in assembly/. Arguments are addresses, counts and flags. */
export interface WasmLibrary {
  readonly batchNormalise: Kernel;
  readonly batchNormaliseGradient: Kernel;
  readonly convolve: Kernel;
  readonly copyRuns: Kernel;
  readonly demoteTotals: Kernel;
  readonly dotProducts: Kernel;
  readonly filterGradient: Kernel;
  readonly maxPoolGradient: Kernel;
  readonly maximum: Kernel;
  readonly packFilter: Kernel;
  readonly reluGradient: Kernel;
  readonly sumMiddle: Kernel;
}

/** The part of WebAssembly that is used here. TypeScript has its types among those of browsers, which the project leaves out. */
interface WebAssemblyNamespace {
  readonly Memory: new (limits: { initial: number }) => object;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: { env: { memory: unknown } }) => { readonly exports: unknown };
  readonly CompileError: new () => Error;
}

/**
 * Starts our WebAssembly in the memory of the back end, so that it reads and writes tensors where they are.
 * @throws WorkbenchError when the back end does not show its memory, or this machine has no SIMD
 */
export function loadLibrary(backend: unknown): WasmLibrary {
  const { Memory, Module, Instance, CompileError } = (globalThis as unknown as { WebAssembly: WebAssemblyNamespace })
    .WebAssembly;
  const { wasm } = backend as Partial<WasmBackend>;
  if (!wasm)
    throw new WorkbenchError(
      "WebAssembly cannot have its memory, of which it reserves 10 GB of addresses",
      "see `npx iopfl doctor`; where `ulimit -v` limits them, 12000000 (kB) is the least",
    );
  const exported = Object.values(wasm.asm ?? {});
  const memory = exported.find((value) => value instanceof Memory);
  if (!memory)
    throw new WorkbenchError(
      "the WebAssembly engine does not show its memory",
      "install the versions of package-lock.json with npm ci",
    );
  try {
    return new Instance(new Module(Buffer.from(moduleBytes, "base64")), { env: { memory } }).exports as WasmLibrary;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    throw new WorkbenchError("this machine's WebAssembly has no SIMD", "use the engine tensorflow or cpu");
  }
}
