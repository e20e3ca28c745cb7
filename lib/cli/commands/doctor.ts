import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describeError, printable, WorkbenchError } from "../../core/errors";
import { hasNvidiaCard, hasWebgpu, missingCuda, overruledSettings, probeTensorflow } from "../../engine";
import { readProfile, readTask } from "../../records/config";
import { phantomFolder } from "../../records/dataset";
import { projectRoot } from "../../records/paths";
import { machineLimits } from "../../lab/execute/machine-limits";
import { tooFewAddresses, workerNeed, workersThatFit } from "../../lab/execute/worker-need";
import { resolveEngine } from "../../lab/plan/resolve-engine";
import { probeJupyter } from "../../notebook/jupyter/probe";
import { probeKernel } from "../../notebook/kernel/probe";
import { printJson } from "../streams";
import { realData } from "./doctor-data";
import type { Finding } from "./doctor-finding";

/** `iopfl doctor`: fails only when something that everything needs is broken. */
export async function doctor({ json }: { readonly json: boolean }): Promise<void> {
  const findings = [
    node(),
    tensorflow(),
    ...cuda(),
    webgpu(),
    await chosen(),
    python(),
    kernel(),
    jupyter(),
    limits(),
    settings(),
    disk(),
    phantom(),
    ...realData(),
  ];
  if (json) printJson({ works: findings.every(({ state }) => state !== "fault"), findings });
  for (const { part, state, text, hint } of json ? [] : findings) {
    const mark = { ok: "ok    ", absent: "absent", partly: "partly", fault: "FAULT " }[state];
    process.stdout.write(`${printable(`${mark}  ${part.padEnd(18)} ${text}${hint ? `  ->  ${hint}` : ""}`)}\n`);
  }
  const faults = findings.filter(({ state }) => state === "fault");
  if (faults.length > 0)
    throw new WorkbenchError(`${faults.map(({ part }) => part).join(", ")} must be mended`, "use the commands above");
}

function node(): Finding {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const works = major > 20 || (major === 20 && minor >= 19);
  return {
    part: "Node.js",
    state: works ? "ok" : "fault",
    text: process.version,
    hint: works ? undefined : "install Node.js 20.19 or newer (20, 22, 24 and 26 are tested)",
  };
}

function tensorflow(): Finding {
  const { installed, verified, addon, binding, library } = probeTensorflow();
  const part = "engine tensorflow";
  if (verified)
    return {
      part,
      state: "ok",
      text: `tfjs-node-gpu ${binding}, ${addon} addon${library ? `, ${library}` : ""}; trained one step here`,
    };
  return {
    part,
    state: "absent",
    text: installed
      ? "installed, but not verified on this machine"
      : "not installed; the WebAssembly engine is about ten times slower",
    hint: "npm run setup",
  };
}

/** Says nothing where there is neither an NVIDIA card nor TensorFlow's build for one. */
function cuda(): Finding[] {
  const built = probeTensorflow().library?.startsWith("tensorflow ") ?? false;
  if (!built && !hasNvidiaCard()) return [];
  const part = "TensorFlow, NVIDIA";
  const missing = missingCuda();
  if (missing.length > 0)
    return [
      {
        part,
        state: built ? "partly" : "absent",
        text: `computes on the processor: missing ${missing.join(", ")}`,
        hint: "install them where the loader looks, or name their folders in LD_LIBRARY_PATH",
      },
    ];
  return [
    built
      ? { part, state: "ok", text: "the libraries of CUDA 12 and cuDNN 9 are there" }
      : { part, state: "absent", text: "a card and its libraries are there", hint: "npm run setup -- --gpu" },
  ];
}

/** What of the shell's settings would move bits, and does not. */
function settings(): Finding {
  const overruled = overruledSettings(process.env);
  const text = "jobs are computed with one thread and our own settings";
  return {
    part: "settings",
    state: "ok",
    text: overruled.length === 0 ? text : `${text}; ${overruled.join(", ")} counts for nothing`,
  };
}

function webgpu(): Finding {
  const there = hasWebgpu();
  return {
    part: "engine webgpu",
    state: there ? "ok" : "absent",
    text: there ? "Dawn is installed" : "Dawn is not installed; only of use with a GPU",
    hint: there ? undefined : "npx iopfl setup --webgpu",
  };
}

async function chosen(): Promise<Finding> {
  try {
    const { name, why } = await resolveEngine("auto");
    return { part: "engine auto", state: "ok", text: `${name}: ${why}` };
  } catch (error) {
    return { part: "engine auto", state: "fault", text: describeError(error), hint: "npm ci && npm run setup" };
  }
}

function python(): Finding {
  const { status, stdout } = spawnSync("python3", ["--version"], { encoding: "utf8" });
  if (status === 0) return { part: "Python", state: "ok", text: stdout.trim() };
  return {
    part: "Python",
    state: "absent",
    text: "no python3: neither the fast engine nor JupyterLab can be set up",
    hint: "install Python 3.10 or newer with venv and pip",
  };
}

function kernel(): Finding {
  const { works, text } = probeKernel();
  return { part: "notebook kernel", state: works ? "ok" : "fault", text, hint: works ? undefined : "npm ci" };
}

function jupyter(): Finding {
  const { installed, text } = probeJupyter();
  return {
    part: "JupyterLab",
    state: installed ? "ok" : "absent",
    text,
    hint: installed ? undefined : "npm run setup",
  };
}

function limits(): Finding {
  const given = machineLimits();
  const { cores, memoryMegabytes, freeMegabytes } = given;
  const free = freeMegabytes === undefined ? "" : ` (${freeMegabytes} free)`;
  const text = `${cores} of ${availableParallelism()} cores, ${memoryMegabytes} MB of memory${free}`;
  const part = "limits";
  const few = tooFewAddresses("wasm", given);
  if (few) return { part, state: "fault", text: `${text}; ${few.problem}`, hint: few.hint };
  const workers = ["quick", "paper"].map((id) => {
    const need = workerNeed("tensorflow", readProfile(id));
    const fit = Math.min(cores, workersThatFit(need, given));
    return `${fit} worker${fit === 1 ? "" : "s"} of ${need} MB at the size of ${id}`;
  });
  return { part, state: "ok", text: `${text}; ${workers.join(", ")}` };
}

function disk(): Finding {
  const { bavail, bsize } = statfsSync(projectRoot);
  const gigabytes = (bavail * bsize) / 2 ** 30;
  return {
    part: "disk",
    state: gigabytes > 1 ? "ok" : "fault",
    text: `${gigabytes.toFixed(1)} GB free`,
    hint: gigabytes > 1 ? undefined : "free at least 1 GB",
  };
}

function phantom(): Finding {
  const { data } = readProfile("quick");
  const there = existsSync(join(phantomFolder(readTask("prostate"), data), "summary.json"));
  return {
    part: "phantom (quick)",
    state: there ? "ok" : "absent",
    text: there ? "written and read back" : "written when an experiment first needs it",
    hint: there ? undefined : "npx iopfl data phantom",
  };
}
