import { Command, CommanderError, Option } from "commander";
import { describeError, Interrupted, isDefect } from "../core/errors";
import { logDefect } from "./defect-log";

/** Options that several commands share. */
const profileOption = () =>
  new Option("--profile <id>", "size of the experiments: quick, phantom or paper").default("quick");
const engineOption = () =>
  new Option("--engine <name>", "what computes")
    .choices(["auto", "tensorflow", "webgpu", "wasm", "cpu"])
    .default("auto");
const countOrReal = (text: string) => (text === "real" ? text : positiveInteger(text));
const workersOption = () =>
  new Option(
    "--workers <n>",
    "worker processes (default: one for each core); one without a job helps with the clients of a federation",
  ).argParser(positiveInteger);

/** Builds the command line. Each command's code is loaded when it runs, so that `--help` answers at once. */
function buildProgram(): Command {
  const program = new Command("iopfl")
    .description("IOP-FL Workbench: rerun, watch, question and compare the experiments of the paper.")
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, " ")}\n`) });

  program
    .command("start")
    .description("set up what is missing, run every experiment and notebook, build the report, say where it is")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .option("--no-setup", "do not install the fast engine and JupyterLab")
    .action((options) => commands("start").start(options));
  program
    .command("setup")
    .description("install the fast engine and JupyterLab into the project folder; repeats and resumes")
    .option("--gpu", "build against TensorFlow for NVIDIA GPUs", false)
    .option("--webgpu", "also install Dawn for the webgpu engine", false)
    .option("--no-engine", "skip the TensorFlow engine")
    .option("--no-jupyter", "skip JupyterLab")
    .action((options) => commands("setup").setup(options));
  program
    .command("doctor")
    .description("show what works, what does not, and the command that mends it")
    .action(() => commands("doctor").doctor());
  program
    .command("run <experiment>")
    .description("run what is missing of an experiment")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .option("--only <key=value...>", "only jobs with this method, variant, site or seed")
    .option(
      "--snapshots <folder>",
      "run an outside experiment from published PyTorch snapshots, snapshots/<site>/, in place of training",
    )
    .option("--slurm", "submit it to the Slurm cluster; --workers is then the number of tasks at most", false)
    .action((experiment, options) => commands("run").run(experiment, options));
  program
    .command("work [experiments...]")
    .description("one worker on the job list of some experiments or of all; several, on many machines, share it")
    .addOption(profileOption())
    .addOption(engineOption())
    .addOption(workersOption())
    .option("--shard <i/n>", "begin with this part of the jobs (default: what Slurm or Kubernetes says)")
    .option("--only <key=value...>", "only jobs with this method, variant, site or seed")
    .option("--snapshots <folder>", "as for run; with one outside experiment")
    .action((experiments, options) => commands("work").work(experiments, options));
  program
    .command("verify [experiments...]")
    .description("compute a very small profile anew on WebAssembly and compare every number with the committed hashes")
    .option("--profile <id>", "profile whose hashes are committed", "tiny")
    .option("--update", "write the committed hashes anew", false)
    .action((experiments, options) => commands("verify").verify(experiments, options));
  program
    .command("status")
    .description("show what is done and what is left of every experiment")
    .addOption(profileOption())
    .addOption(engineOption())
    .action((options) => commands("status").status(options));
  program
    .command("notebooks [names...]")
    .description("execute notebooks headlessly; executed copies are written to .workbench/notebooks")
    .addOption(profileOption())
    .addOption(engineOption())
    .option("--set <key=value...>", "set a parameter of the notebooks")
    .option("--parallel <n>", "notebooks at a time", positiveInteger, 1)
    .option("--cell-timeout <seconds>", "limit for one cell", positiveInteger, 300)
    .option("--timeout <seconds>", "limit for one notebook", positiveInteger, 900)
    .option("--clean", "only remove outputs and counts from the committed notebooks", false)
    .option("--check", "only check that the committed notebooks are clean", false)
    .option("--diff [commit]", "only show as text what has changed in their cells (default: since HEAD)")
    .action((names, options) => commands("notebooks").notebooks(names, options));
  program
    .command("report")
    .description("build the report page from the records")
    .addOption(profileOption())
    .action((options) => commands("report").report(options));
  program
    .command("lab")
    .description("open JupyterLab on the notebooks")
    .option("--no-browser", "do not open a browser")
    .action((options) => commands("lab").lab(options));

  const data = program.command("data").description("phantoms and real data");
  data
    .command("phantom [task]")
    .description(
      "write the phantom of a task (default: prostate) as the real set is laid out, at the size of a profile or any other",
    )
    .addOption(profileOption())
    .option("--out <folder>", "where to write it (default: below .workbench)")
    .option("--side <pixels>", "pixels per side; the real sets have 384 and 800", positiveInteger)
    .option("--slices <n|real>", "slices of a volume, or as many as the site's resolution needs", countOrReal)
    .option("--cases <n|real>", "cases of each site, or as many as the real set has", countOrReal)
    .action((task, options) => commands("data").phantom(task ?? "prostate", options));
  data
    .command("import <set> <folder-or-zip>")
    .description(
      "check a real set (prostate or fundus), copy it to dataset/<set> and prepare it for both readings; repeats and resumes",
    )
    .option("--to <folder>", "where to put it (default: dataset/<set>)")
    .option("--side <pixels>", "size to prepare", positiveInteger, 384)
    .addOption(
      new Option("--split <mode>", "show this split")
        .choices(["auto", "official", "seeded", "kfold", "ratio"])
        .default("auto"),
    )
    .option("--folds <n>", "folds of the kfold split", positiveInteger, 5)
    .option("--ratio <shares>", "training:validation:test of the ratio split", "7:1:2")
    .option("--workers <n>", "processes (default: one for each core, at most four)", positiveInteger)
    .action((set, from, options) => commands("data-import").importData(set, from, options));
  data
    .command("verify <folder>")
    .description("read every case of a folder and report everything that is missing or odd")
    .action((folder) => commands("data").verify(folder));

  program
    .command("snapshot <file>")
    .description("read a PyTorch snapshot without executing it, check every key and shape, convert it to safetensors")
    .option("--out <file>", "where to write it (default: beside the file)")
    .option("--key <name>", "of several state dicts in it the one to read: what stands before its keys")
    .action((file, options) => commands("snapshot").snapshot(file, options));

  program
    .command("bench")
    .description("measure the engine against PyTorch in turns, on this machine; results go to results/bench")
    .option("--profile <id>", "which cases: standard, paper or quick (see configs/bench)", "standard")
    .addOption(engineOption())
    .option("--quick", "the same as --profile quick: does the benchmark work?", false)
    .option("--only <text>", "only cases with this in their name, or growth")
    .option("--reps <n>", "repetitions of each side", positiveInteger)
    .option("--python <path>", "a Python that can import torch (default: IOPFL_PYTHON, else python3)")
    .option("--json", "print the results as JSON", false)
    .option("--sizing", "how long the committed results take, from measured parts; fails when that is too long", false)
    .action((options) => commands("bench").bench(options));
  program
    .command("check [steps...]")
    .description(
      "what `npm test` runs: types, types-5.0, lint, arrows, clean, unit, golden, notebook; all, or the steps named",
    )
    .action((steps) => commands("check").check(steps));
  return program;
}

/** The commands' modules; loaded on demand. */
interface CommandModules {
  start: typeof import("./commands/start");
  setup: typeof import("./commands/setup");
  doctor: typeof import("./commands/doctor");
  run: typeof import("./commands/run");
  work: typeof import("./commands/work");
  verify: typeof import("./commands/verify");
  status: typeof import("./commands/status");
  notebooks: typeof import("./commands/notebooks");
  report: typeof import("./commands/report");
  lab: typeof import("./commands/lab");
  data: typeof import("./commands/data");
  "data-import": typeof import("./commands/data-import");
  bench: typeof import("./commands/bench");
  check: typeof import("./commands/check");
  snapshot: typeof import("./commands/snapshot");
}

function commands<Name extends keyof CommandModules>(name: Name): CommandModules[Name] {
  return require(`./commands/${name}`) as CommandModules[Name];
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CommanderError(1, "iopfl.number", `error: "${text}" is not a whole number above 0`);
}

/** Runs the command line; every failure ends in one line on stderr and a non-zero exit code (130 when interrupted). */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === "iopfl.number") process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
      return;
    }
    process.stderr.write(`iopfl: ${describeError(error)}${isDefect(error) ? logDefect(error) : ""}\n`);
    process.exitCode = error instanceof Interrupted ? 130 : 1;
  }
}
