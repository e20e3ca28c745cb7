import { after, before } from "node:test";
import { startKernelClient, type KernelClient } from "../../lib/notebook/runner/kernel-client";
import { runCell, type Ran } from "./cells";
import { temporaryFolder } from "./make-notebook";

/** One kernel for all tests of a file, in a folder of its own. */
export interface KernelBench {
  readonly folder: ReturnType<typeof temporaryFolder>;
  kernel(): KernelClient;
  readonly run: (code: string) => Promise<Ran>;
}

export function useKernel(): KernelBench {
  const folder = temporaryFolder();
  let kernel: KernelClient;
  before(async () => {
    kernel = await startKernelClient(folder.path);
  });
  after(async () => {
    await kernel.close();
    folder.remove();
  });
  return { folder, kernel: () => kernel, run: (code) => runCell(kernel, code) };
}
