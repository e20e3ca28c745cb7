import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../../io/atomic";
import { WorkbenchError } from "../../core/errors";
import { runCommand } from "./command";
import { libraryFolder, tensorflowFolder } from "./places";

/** A wheel of the Python package index, as it was published. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * TensorFlow's wheels for Linux on x86-64. Only the C library inside is used, so one wheel serves whatever Python is installed.
 */
export const wheels: Readonly<Record<"cpu" | "gpu", Wheel>> = {
  cpu: {
    project: "tensorflow-cpu",
    version: "2.21.0",
    file: "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
    sha256: "2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c",
    bytes: 273_829_956,
  },
  gpu: {
    project: "tensorflow",
    version: "2.21.0",
    file: "tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl",
    sha256: "9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124",
    bytes: 572_440_367,
  },
};

/** The members the addon needs: two libraries and about fifteen headers out of thousands. */
const members = [
  "tensorflow/libtensorflow_cc.so.2",
  "tensorflow/libtensorflow_framework.so.2",
  "tensorflow/include/tensorflow/c/",
  "tensorflow/include/tensorflow/core/platform/ctstring",
  "tensorflow/include/tsl/platform/ctstring",
  "tensorflow/include/xla/tsl/c/",
];

const unpackProgram = `
import sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(folder, [name for name in archive.namelist() if name.startswith(tuple(prefixes))])
`;

const receipt = join(libraryFolder, "wheel.sha256");

/** @returns the checksum of the wheel whose library lies in the project folder, if it was unpacked to the end. */
export function unpackedWheel(): string | undefined {
  return existsSync(receipt) ? readFileSync(receipt, "utf8").trim() : undefined;
}

/**
 * Downloads a wheel with pip (so that mirrors and proxies are honoured), checks its SHA-256 and unpacks the library out of it.
 * A wheel that was downloaded before is not fetched again; one that was unpacked before is not unpacked again.
 * @throws WorkbenchError when pip fails, the checksum differs or the disk is full
 */
export async function provideLibrary(wheel: Wheel, log: (line: string) => void): Promise<void> {
  if (unpackedWheel() === wheel.sha256) return;
  const downloads = join(tensorflowFolder, "download");
  const file = join(downloads, wheel.file);
  if (!existsSync(file)) await download(wheel, downloads, log);
  await checkWheel(file, wheel);

  log(`unpacking ${wheel.file}`);
  const unfinished = `${libraryFolder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const hint = "free about 2 GB on this disk and run npm run setup again";
  await runCommand("python3", ["-c", unpackProgram, file, unfinished, ...members], { hint });
  writeFileSync(join(unfinished, "wheel.sha256"), wheel.sha256);
  rmSync(libraryFolder, { recursive: true, force: true });
  renameSync(unfinished, libraryFolder);
  rmSync(downloads, { recursive: true, force: true });
}

async function download(wheel: Wheel, folder: string, log: (line: string) => void): Promise<void> {
  const temporary = join(folder, "unfinished");
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const requirement = join(temporary, "requirement.txt");
  writeAtomic(requirement, `${wheel.project}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const target = [
    "--python-version",
    "3.11",
    "--implementation",
    "cp",
    "--abi",
    "cp311",
    "--platform",
    "manylinux_2_27_x86_64",
  ];
  const size = (wheel.bytes / 1e6).toFixed(0);
  log(`downloading ${wheel.project} ${wheel.version} from the Python package index (${size} MB)`);
  const progress = setInterval(() => {
    // For a moment pip has the wheel twice.
    const bytes = Math.min(folderBytes(temporary), wheel.bytes);
    log(`downloaded ${(bytes / 1e6).toFixed(0)} of ${size} MB (${Math.floor((100 * bytes) / wheel.bytes)} %)`);
  }, 2000);
  try {
    await runCommand(
      "python3",
      [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-cache-dir",
        "--only-binary=:all:",
        "--disable-pip-version-check",
      ].concat(target, ["--require-hashes", "--dest", temporary, "--requirement", requirement]),
      { environment: { TMPDIR: temporary }, hint: "check the network, then run npm run setup again" },
    );
  } finally {
    clearInterval(progress);
  }
  renameSync(join(temporary, wheel.file), join(folder, wheel.file));
  rmSync(temporary, { recursive: true, force: true });
}

/** @throws WorkbenchError when a file is not the wheel that was pinned; the file is removed */
export async function checkWheel(file: string, wheel: Wheel): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest("hex");
  if (found === wheel.sha256) return;
  rmSync(file, { force: true });
  throw new WorkbenchError(
    `${wheel.file} has SHA-256 ${found}, not ${wheel.sha256}`,
    "run npm run setup again; if it stays, the mirror is not to be trusted",
  );
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? folderBytes(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0));
  }, 0);
}
