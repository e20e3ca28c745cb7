import type { Command } from "commander";
import { commands } from "../modules";
import { engineOption, jsonOption, positiveInteger, profileOption, workersOption } from "../options";

/** Commands that set up, look after and show the workbench itself. */
export function addWorkbenchCommands(program: Command): void {
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
    .addOption(jsonOption())
    .action((options) => commands("doctor").doctor(options));
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
    .command("lab")
    .description("open JupyterLab on the notebooks")
    .option("--no-browser", "do not open a browser")
    .action((options) => commands("lab").lab(options));
  program
    .command("bench")
    .description("measure the engine against PyTorch in turns, on this machine; results go to results/bench")
    .option("--profile <id>", "which cases: standard, paper, arithmetic or quick (see configs/bench)", "standard")
    .addOption(engineOption())
    .option("--quick", "the same as --profile quick: does the benchmark work?", false)
    .option("--only <text>", "only cases with this in their name, or growth")
    .option("--reps <n>", "repetitions of each side", positiveInteger)
    .option("--python <path>", "a Python that can import torch (default: IOPFL_PYTHON, else python3)")
    .option("--against <folder>", "measure against another checkout that was set up, in place of PyTorch")
    .option("--json", "print the results as JSON", false)
    .option("--sizing", "how long the committed results take, from measured parts; fails when that is too long", false)
    .action((options) => commands("bench").bench(options));
  program
    .command("check [steps...]")
    .description(
      "what `npm test` runs: types, types-5.0, lint, format, arrows, exports, clean, unit, golden, notebook; all, or the steps named",
    )
    .action((steps) => commands("check").check(steps));
}
