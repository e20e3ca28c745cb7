import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../core/project-root";

/** TensorFlow's library, its headers and the compiled addon; never under version control. */
export const tensorflowFolder = join(projectRoot, ".workbench", "tensorflow");

/** Where TensorFlow's wheel is unpacked: `tensorflow/libtensorflow_cc.so.2` and the headers the addon needs. */
export const libraryFolder = join(tensorflowFolder, "library");

/** The addon that was compiled here; finds the library next to itself, so the clone can be moved. */
export const compiledAddon = join(tensorflowFolder, "tfjs_binding.node");

/** The package whose JavaScript and C++ sources are used (those of tfjs-node are identical). */
export const bindingPackage = join(projectRoot, "node_modules", "@tensorflow", "tfjs-node-gpu");

/** Where that package looks for its addon. */
export const installedAddon = join(bindingPackage, "lib", "napi-v8", "tfjs_binding.node");

/** Dawn for Node, installed on request only. */
export const webgpuFolder = join(projectRoot, ".workbench", "webgpu");

/** @returns whether the JavaScript part of the TensorFlow engine is installed. */
export function hasBindingPackage(): boolean {
  return existsSync(join(bindingPackage, "package.json"));
}
