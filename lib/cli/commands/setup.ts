import { installTensorflow, installWebgpu, missingCuda } from "../../engine";
import { installJupyter } from "../../notebook/jupyter/install";

interface SetupOptions {
  readonly gpu: boolean;
  readonly webgpu: boolean;
  readonly engine: boolean;
  readonly jupyter: boolean;
}

/** `npm run setup`: what cannot be installed is named with its mend; the workbench runs without it. */
export async function setup({ gpu, webgpu, engine, jupyter }: SetupOptions): Promise<void> {
  const log = (line: string) => process.stderr.write(`setup: ${line}\n`);
  if (engine) {
    const missing = gpu ? missingCuda() : [];
    if (missing.length > 0) log(`without these TensorFlow computes on the processor: ${missing.join(", ")}`);
    const result = await installTensorflow({ gpu: gpu || undefined, log });
    log(
      result.installed
        ? `engine: TensorFlow ${result.version} on ${result.device}`
        : `engine: TensorFlow is not available: ${result.reason}; ${result.hint}. The WebAssembly engine carries on.`,
    );
  }
  if (webgpu) await installWebgpu(log);
  if (jupyter) {
    const result = await installJupyter({ log });
    log(
      result.installed
        ? "JupyterLab is ready: npm run lab"
        : `JupyterLab is not available: ${result.reason}; ${result.hint}. Notebooks run headlessly all the same: npx iopfl notebooks`,
    );
  }
}
