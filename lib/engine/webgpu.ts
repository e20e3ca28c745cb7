import * as tf from "@tensorflow/tfjs-core";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { WorkbenchError } from "../core/errors";
import type { StartedEngine } from "./engine";
import { hasWebgpu, webgpuPackage } from "./install/webgpu";
import { registerWebgpuKernels } from "./kernels/webgpu";
import { recordedProgram } from "./kernels/webgpu/program";
import { programRecorders } from "./program-recorders";

/** The part of the WebGPU API that is used here; the package brings its own types, but it is no dependency. */
interface Adapter {
  readonly info: { readonly vendor: string; readonly device: string; readonly description: string };
  readonly limits: Readonly<Record<string, number>>;
  readonly features: ReadonlySet<string>;
  readonly isFallbackAdapter?: boolean;
  requestDevice(options: {
    requiredLimits: Record<string, number>;
    requiredFeatures: readonly string[];
  }): Promise<unknown>;
}

interface Dawn {
  readonly globals: Record<string, unknown>;
  create(options: readonly string[]): { requestAdapter(options: { powerPreference: string }): Promise<Adapter | null> };
}

const neededLimits = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
  "maxStorageBuffersPerShaderStage",
];
/** Names of software renderers: right, but slower than WebAssembly. IOPFL_WEBGPU_SOFTWARE=1 admits them, to check results. */
const software = /swiftshader|llvmpipe|lavapipe|software/i;

/**
 * Starts TensorFlow.js on Dawn, on a real adapter.
 * @throws WorkbenchError when Dawn is not installed or finds no hardware adapter
 */
export async function startWebgpu(): Promise<StartedEngine> {
  if (!hasWebgpu()) {
    throw new WorkbenchError(
      "WebGPU is not installed",
      "run npx iopfl setup --webgpu on a machine with a Vulkan driver, or choose another engine",
    );
  }
  const manifest = JSON.parse(readFileSync(join(webgpuPackage, "package.json"), "utf8")) as {
    version: string;
    main: string;
  };
  const dawn = (await import(pathToFileURL(join(webgpuPackage, manifest.main)).href)) as Dawn;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  const emulated =
    adapter && (adapter.isFallbackAdapter || software.test(`${adapter.info.device} ${adapter.info.description}`));
  if (!adapter || (emulated && process.env.IOPFL_WEBGPU_SOFTWARE !== "1")) {
    throw new WorkbenchError(
      "WebGPU finds no graphics adapter",
      "install the Vulkan driver of the graphics card, or choose another engine",
    );
  }
  const requiredLimits = Object.fromEntries(neededLimits.map((limit) => [limit, adapter.limits[limit]]));
  // With it, tf.profile tells the time of each kernel on the card.
  const requiredFeatures = ["timestamp-query"].filter((feature) => adapter.features.has(feature));
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  // The back end looks at navigator.gpu when it is loaded, and asks for features that adapters need not have when it starts itself.
  Object.defineProperty(globalThis, "navigator", { value: { gpu }, configurable: true, writable: true });
  const { WebGPUBackend } =
    require("@tensorflow/tfjs-backend-webgpu") as typeof import("@tensorflow/tfjs-backend-webgpu");
  tf.removeBackend("webgpu");
  type Construct = ConstructorParameters<typeof WebGPUBackend>;
  tf.registerBackend("webgpu", () => new WebGPUBackend(device as Construct[0], adapter.info as Construct[1]));
  await tf.setBackend("webgpu");
  await tf.ready();
  registerWebgpuKernels();
  programRecorders.set("webgpu", recordedProgram);
  const { vendor, device: model, description } = adapter.info;
  return {
    name: "webgpu",
    version: `tfjs-backend-webgpu ${tf.version_core}, webgpu ${manifest.version}`,
    threads: 1,
    device: `${vendor} ${model || description}`,
  };
}
