import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { hint, repairs } from "./tslab";

/** Whether the kernel could start, without starting it: its packages are there and tslab is the one that it mends. */
export function probeKernel(): { readonly works: boolean; readonly text: string } {
  const load = createRequire(__filename);
  const root = resolve(__dirname, "../../..");
  try {
    hint(readFileSync(load.resolve("tslab/dist/converter.js"), "utf8"), repairs(root, join(root, "notebooks")));
    load("zeromq");
    const { version } = load("tslab/package.json") as { version: string };
    const { version: typescript } = load("@tslab/typescript-for-tslab/package.json") as { version: string };
    return { works: true, text: `tslab ${version} (TypeScript ${typescript}), mended` };
  } catch (error) {
    return { works: false, text: (error as Error).message };
  }
}
