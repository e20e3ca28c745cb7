import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveParsed, givePhantom, keepParsed, keepPhantom } from "../../support/warm-start";

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
  giveParsed(inside("work"));
  givePhantom(inside("work"));
  const untouched = () =>
    readFileSync(inside("configs/profiles/small.yaml"), "utf8") === configs["profiles/small.yaml"];
  const env = {
    ...process.env,
    ...more,
    IOPFL_CONFIGS: inside("configs"),
    IOPFL_WORK: inside("work"),
    IOPFL_RESULTS: inside("results"),
    // Where a test says nothing: two start twice, which takes longer than the small experiment, and other tests run beside it.
    IOPFL_WORKERS: "1",
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
        if (untouched()) keepPhantom(inside("work"));
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
