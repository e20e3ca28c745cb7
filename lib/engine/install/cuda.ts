import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The libraries that TensorFlow's build for NVIDIA cards loads by name, with the versions that its package asks for: `and-cuda` in the
 * metadata of tensorflow 2.21.0 (https://pypi.org/project/tensorflow/2.21.0/). Without one of them it computes on the processor.
 */
const libraries: Readonly<Record<string, string>> = {
  "libcuda.so.1": "the NVIDIA driver",
  "libcudart.so.12": "CUDA runtime >= 12.5.82, < 13",
  "libcublas.so.12": "cuBLAS >= 12.5.3.2, < 13",
  "libcublasLt.so.12": "cuBLAS >= 12.5.3.2, < 13",
  "libcufft.so.11": "cuFFT >= 11.2.3.61, < 12",
  "libcurand.so.10": "cuRAND >= 10.3.6.82, < 11",
  "libcusolver.so.11": "cuSOLVER >= 11.6.3.83, < 12",
  "libcusparse.so.12": "cuSPARSE >= 12.5.1.3, < 13",
  "libnvJitLink.so.12": "nvJitLink >= 12.5.82, < 13",
  "libcupti.so.12": "CUPTI >= 12.5.82, < 13",
  "libnccl.so.2": "NCCL >= 2.27.7, < 3",
  "libcudnn.so.9": "cuDNN >= 9.3.0.75, < 10",
};

/**
 * @param folders where the loader looks first @param cache what `ldconfig -p` prints
 * @returns a line for each library that the loader would not find: `libcudnn.so.9 (cuDNN >= 9.3.0.75, < 10)`
 */
export function missingLibraries(folders: readonly string[], cache: string): string[] {
  const known = new Set(cache.split("\n").map((line) => line.trim().split(" ")[0]));
  return Object.entries(libraries)
    .filter(([file]) => !known.has(file) && !folders.some((folder) => existsSync(join(folder, file))))
    .map(([file, what]) => `${file} (${what})`);
}

/** @returns what this machine lacks for TensorFlow on an NVIDIA card; versions are not read, only names */
export function missingCuda(): string[] {
  const folders = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean);
  // Debian has it in a folder that only root searches.
  const { stdout } = spawnSync("ldconfig", ["-p"], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  });
  return missingLibraries(folders, stdout ?? "");
}

/** Whether the driver of an NVIDIA card has made its device. */
export const hasNvidiaCard = (): boolean => existsSync("/dev/nvidia0");
