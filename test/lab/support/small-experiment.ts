import { spawn } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { workFolder } from "../../../lib/records/paths";
import { sourcesHash } from "../../../lib/records/sources";

/** The command line. */
export const command = join(__dirname, "../../../lib/cli/iopfl.cjs");

const configs: Readonly<Record<string, string>> = {
  "tasks/two.yaml": "id: two\ntitle: Two sites\nsites: [HK, UCL, BIDMC]\nclasses: 2\ninChannels: 3\n",
  "profiles/small.yaml": `id: small
purpose: a test
data: { source: phantom, seed: 1, side: 32, casesPerSite: 3, slices: 6, reading: intended }
net: { features: 2 }
training: { rounds: 3, batch: 4, localEpochs: 1, optimiser: { kind: adam-amsgrad, learningRate: 0.001 } }
adaptation: { batch: 5, epochs: 2 }
seeds: [0]
`,
  "experiments/inside.yaml":
    "id: inside\nquestion: Inside?\nkind: inside\ntask: two\nmethods: [{ id: local-only }, { id: fedavg }, { id: iop-fl }]\n",
  "experiments/outside.yaml":
    "id: outside\nquestion: Outside?\nkind: outside\ntask: two\nfederation: { id: iop-fl }\nmethods: [{ id: global }, { id: iop-fl }]\n",
};

/** A place of its own for configurations, work and results, in which `iopfl` runs a small experiment in seconds. */
export interface Bench {
  readonly work: string;
  readonly env: NodeJS.ProcessEnv;
  readonly results: string;
  readonly configs: string;
  /** Runs `iopfl`; `interruptAt` sends Ctrl-C when a line of its output matches, `command` is that of another checkout. */
  iopfl(
    args: readonly string[],
    options?: { readonly interruptAt?: RegExp; readonly env?: NodeJS.ProcessEnv; readonly command?: string },
  ): Promise<{ code: number | null; output: string; cpuSeconds: number }>;
  /** Contents of all records by name, without provenance. */
  records(experiment: string): Record<string, string>;
  remove(): void;
}

/** @param more environment variables for every `iopfl` that it runs */
export function createBench(more: NodeJS.ProcessEnv = {}): Bench {
  const folder = mkdtempSync(join(tmpdir(), "iopfl-bench-"));
  const inside = (name: string) => join(folder, name);
  for (const [path, text] of Object.entries(configs)) {
    mkdirSync(join(inside("configs"), path, ".."), { recursive: true });
    writeFileSync(join(inside("configs"), path), text);
  }
  rememberParsed(inside("work"));
  if (existsSync(phantom)) cpSync(phantom, inside("work/data"), { recursive: true });
  const env = {
    ...process.env,
    ...more,
    IOPFL_CONFIGS: inside("configs"),
    IOPFL_WORK: inside("work"),
    IOPFL_RESULTS: inside("results"),
    IOPFL_TEST_CPU: inside("cpu-seconds"),
    NODE_OPTIONS: [process.env.NODE_OPTIONS, `--require ${join(__dirname, "cpu-time.cjs")}`, more.NODE_OPTIONS]
      .filter(Boolean)
      .join(" "),
  };
  return {
    env,
    work: inside("work"),
    results: inside("results"),
    configs: inside("configs"),
    async iopfl(args, { interruptAt, env: own = {}, command: program = command } = {}) {
      const child = spawn(process.execPath, [program, ...args], {
        env: { ...env, ...own },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      let sent = false;
      const listen = (chunk: Buffer) => {
        output += chunk.toString();
        if (!sent && interruptAt?.test(output)) {
          sent = true;
          child.kill("SIGINT");
        }
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      if (code === 0 && args.includes("small")) {
        keepPhantom(folder);
        keepParsed(inside("work"));
      }
      const cpu = inside("cpu-seconds");
      return { code, output, cpuSeconds: existsSync(cpu) ? Number(readFileSync(cpu, "utf8")) : NaN };
    },
    records(experiment) {
      const path = join(inside("results"), "small", experiment);
      return Object.fromEntries(
        readdirSync(path)
          .filter((file) => file.endsWith(".json"))
          .map((file) => [file, readFileSync(join(path, file), "utf8")]),
      );
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The phantom of the profile small, which the first bench draws for all: its folder is named after what it depends on. */
const phantom = join(workFolder, "tests", `small-phantom-${sourcesHash(["lib/data", "lib/core"]).slice(0, 12)}`);

function keepPhantom(bench: string): void {
  const data = join(bench, "work", "data");
  const untouched =
    readFileSync(join(bench, "configs", "profiles", "small.yaml"), "utf8") === configs["profiles/small.yaml"];
  if (existsSync(phantom) || !untouched || !existsSync(data) || readdirSync(data).length !== 1) return;
  mkdirSync(dirname(phantom), { recursive: true });
  const copy = mkdtempSync(`${phantom}-`);
  cpSync(data, copy, { recursive: true });
  try {
    renameSync(copy, phantom);
  } catch {
    rmSync(copy, { recursive: true, force: true }); // another bench was faster
  }
}

/** What the sources compute was found out before, by whoever ran a job: parsing them again takes a second a bench. */
const parsed = join(workFolder, "emitted.json");

export function rememberParsed(work: string): void {
  mkdirSync(work);
  if (existsSync(parsed)) copyFileSync(parsed, join(work, "emitted.json"));
}

function keepParsed(work: string): void {
  const own = join(work, "emitted.json");
  if (!existsSync(parsed) && existsSync(own)) copyFileSync(own, parsed);
}
