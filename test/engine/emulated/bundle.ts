import { build, type Plugin } from "esbuild";
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { compiledAddon } from "../../../lib/engine/install/places";
import { projectRoot } from "../../../lib/core/project-root";

/** As deep below the project folder as lib/core, from which the bundled code finds that folder. */
const folder = join(projectRoot, ".workbench", "emulated");

/** The addon is where the workbench put it: the package's own search reads half a dozen packages. */
const addon: Plugin = {
  name: "addon",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@mapbox\/node-pre-gyp$/ }, () => ({ path: "addon", namespace: "addon" }));
    onLoad({ filter: /.*/, namespace: "addon" }, () => ({
      contents: `exports.find = () => ${JSON.stringify(compiledAddon)}`,
    }));
  },
};

/**
 * One file of all the code that a script of this folder needs, since an emulated processor takes minutes to look for modules.
 * @returns its path
 */
export async function bundle(script: "main" | "jobs" = "main"): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${script}.cjs`);
  await build({
    entryPoints: [join(__dirname, `${script}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    plugins: [addon],
    external: ["*/tfjs_binding.node", "aws-sdk", "mock-aws-s3", "nock", "webgpu"],
  });
  const wasm = join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist");
  for (const file of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"])
    copyFileSync(join(wasm, file), join(folder, file));
  return outfile;
}

if (require.main === module)
  void bundle(process.argv[2] as "main" | "jobs").then((path) => process.stdout.write(`${path}\n`));
